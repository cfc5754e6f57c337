// SPDX-License-Identifier: Apache-2.0
// Tests/System: a client of a JACK server that does nothing: how many xruns it sees are the machine's own.
import Glibc

enum IdleProbe {
  /// Until SIGTERM; then a line.
  static func run(server: String) -> Bool {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGTERM)
    // Before there is any other thread, which would end the process with it.
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    guard let ear = Ear("idle", server: server) else {
      say("FAIL  no JACK server \(server)")
      return false
    }
    say("idle begins")
    var signal: Int32 = 0
    sigwait(&signals, &signal)
    say("idle xruns \(ear.xruns)")
    return true
  }
}
