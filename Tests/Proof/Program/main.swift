// SPDX-License-Identifier: Apache-2.0
// Tests/Proof: `stage-proof MODE [SECONDS]` runs JACK's callback for SECONDS of audio, as fast as it goes, so that what
// watches it (the interposer, RealtimeSanitizer) sees all that it can do.
import CProof
import Glibc
import JACKOutput
import Music

let words = CommandLine.arguments.dropFirst()
let seconds = words.dropFirst().first.flatMap { Int($0) } ?? 60
let problem: String?
switch words.first {
case "bad"?:
  // Any output will do to have a server: this one has no sound.
  let server = "jamd-proof-\(getpid())"
  var settings = JACKSettings(serverName: server, startsServer: true, synthesizer: nil)
  settings.server.driver = .dummy
  let output = JACKOutput(settings, at: .now())
  while !output.isConnected {
    _ = output.tick(at: .now())
    usleep(1000)
  }
  problem = runBadCycles(server: server)
  _ = output.shutdown()
case let name? where Mode(rawValue: name) != nil:
  problem = Mode(rawValue: name).flatMap { Performance($0, seed: 21).run(seconds: seconds) }
default:
  problem = "usage: stage-proof midi|fluid|organ|hurried|bad [SECONDS OF AUDIO]"
}
if cproof_is_sanitized() != 0 { print("RealtimeSanitizer watched \(cproof_sanitized_cycles()) cycles") }
if let problem {
  print("stage-proof: \(problem)")
  exit(1)
}
