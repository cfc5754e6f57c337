// SPDX-License-Identifier: Apache-2.0
// Tests/Proof: `stage-proof MODE [SECONDS]` runs JACK's callbacks for SECONDS of audio, as fast as it goes, so that what
// watches them (the interposer, RealtimeSanitizer) sees all that they can do.
import CProof
import Glibc
import JACKOutput
import Music

let words = CommandLine.arguments.dropFirst()
let seconds = words.dropFirst().first.flatMap { Int($0) } ?? 60
let name = words.first ?? ""
let problem: String?
if let callback = BadCallback(rawValue: name) {
  // Any output will do to have a server: this one has no sound.
  let server = "jamd-proof-\(getpid())"
  var settings = JACKSettings(serverName: server, startsServer: true, synthesizer: nil)
  settings.server.driver = .dummy
  let output = JACKOutput(settings, at: .now())
  while !output.isConnected {
    _ = output.tick(at: .now())
    usleep(1000)
  }
  problem = run(callback, server: server)
  _ = output.shutdown()
} else if let mode = Mode(rawValue: name) {
  problem = Performance(mode, seed: 21).run(seconds: seconds)
} else {
  problem = "usage: stage-proof midi|fluid|organ|hurried|bad|bad-timebase [SECONDS OF AUDIO]"
}
if cproof_is_sanitized() != 0 {
  print(
    "RealtimeSanitizer watched \(cproof_sanitized_cycles()) cycles",
    "and \(cproof_sanitized_positions()) positions of the transport")
}
if let problem {
  print("stage-proof: \(problem)")
  exit(1)
}
