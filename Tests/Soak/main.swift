// SPDX-License-Identifier: Apache-2.0
// Tests/Soak: `jam-soak soak MINUTES [PERIOD]`, `chaos SEED FAULTS`, `flood SECONDS`; ends with status 1 when something did not hold.
import Foundation
import JamTestKit
import RealTime

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
    // What plays to jamd and listens is not to wait for memory either.
    _ = MemoryLocking.lock()
    let periods = words.count > 2 ? [Int(number(2, 128))] : [64, 128]
    for period in periods {
      let seconds = Int(number(1, 60) * 60) / periods.count
      try Soak(period: period, seconds: seconds, programs: programs, styles: styles).run(&verdict)
    }
  case "reference":
    _ = MemoryLocking.lock()
    try ReferenceClient.run(
      period: Int(number(1, 128)), seconds: Int(number(2, 60)), work: words.count > 3 ? words[3] : nil)
    exit(0)
  case "chaos":
    try Chaos(seed: UInt64(number(1, 1)), faults: Int(number(2, 12)), programs: programs, styles: styles).run(&verdict)
  case "flood": try Flood(seconds: Int(number(1, 60)), programs: programs, styles: styles).run(&verdict)
  default:
    throw Trouble("usage: jam-soak soak [MINUTES [PERIOD]] | chaos [SEED [FAULTS]] | flood [SECONDS]")
  }
} catch {
  say("jam-soak: \(error)")
  exit(2)
}
say(verdict.failures == 0 ? "verdict: it holds" : "verdict: \(verdict.failures) things do not hold")
exit(verdict.failures == 0 ? 0 : 1)
