// SPDX-License-Identifier: Apache-2.0
// Tests/Soak: `jam-soak soak MINUTES`, `chaos SEED FAULTS`, `flood SECONDS`; ends with status 1 when something did not hold.
import Foundation
import JamTestKit

let words = Array(CommandLine.arguments.dropFirst())
let programs =
  ProcessInfo.processInfo.environment["JAMD_PROGRAMS"]
  ?? URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().path
let styles = FileManager.default.currentDirectoryPath + "/Styles"
var verdict = Verdict()

func number(_ index: Int, _ standard: Double) -> Double {
  words.count > index ? Double(words[index]) ?? standard : standard
}

do {
  switch words.first {
  case "soak":
    for period in [64, 128] {
      let seconds = Int(number(1, 60) * 30)
      try Soak(period: period, seconds: seconds, programs: programs, styles: styles).run(&verdict)
    }
  case "idle":
    // A client that does nothing between the same two others, on a server of its own: what this machine does to anybody.
    let server = try JACKTestServer(
      name: JACKTestServer.uniqueName("-idle"), period: Int(number(1, 128)), options: Band.serverOptions,
      launcher: endsWithUs("TERM"))
    var clients: [JACKTestClient] = []
    for _ in 0..<600 where clients.count < 3 {
      usleep(50_000)
      if let client = try? JACKTestClient("jam-\(clients.count)", server: server.name) { clients.append(client) }
    }
    guard clients.count == 3, clients[0].connectSend(to: "jam-1:receive"), clients[2].connectReceive(from: "jam-1:send")
    else { throw Trouble("no server, or no clients of it, after 30 s") }
    say("ready")
    usleep(UInt32(number(2, 60)) * 1_000_000)
    say("xruns \(clients[2].xruns)")
    clients = []
    server.kill()
    exit(0)
  case "chaos":
    try Chaos(seed: UInt64(number(1, 1)), faults: Int(number(2, 12)), programs: programs, styles: styles).run(&verdict)
  case "flood": try Flood(seconds: Int(number(1, 60)), programs: programs, styles: styles).run(&verdict)
  default:
    throw Trouble("usage: jam-soak soak [MINUTES] | chaos [SEED [FAULTS]] | flood [SECONDS]")
  }
} catch {
  say("jam-soak: \(error)")
  exit(2)
}
say(verdict.failures == 0 ? "verdict: it holds" : "verdict: \(verdict.failures) things do not hold")
exit(verdict.failures == 0 ? 0 : 1)
