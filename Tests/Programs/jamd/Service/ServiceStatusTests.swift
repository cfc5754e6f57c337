// SPDX-License-Identifier: Apache-2.0
// Tests of Programs/jamd: what systemctl status shows.
import Testing
import jamd

@Suite struct ServiceStatusTests {
  @Test("style, keyboards and JACK are told, also while something is missing")
  func told() {
    var status = ServiceStatus(styles: ["bach"], keyboards: ["Stage 88", "Synth 61"], jack: (48000, 128))
    let everything = "Playing in the style of bach; listening to Stage 88, Synth 61; JACK 48000 Hz, 128 frames"
    #expect(status.text == everything)
    status.waitingFor = ["sessions are not written"]
    #expect(status.text == everything + "; waiting for sessions are not written")
    status.styles = ["bach", "chopin"]
    status.keyboards = []
    status.waitingFor = ["a keyboard: plug one in", "the disk"]
    #expect(
      status.text
        == "Playing in the style of bach+chopin; JACK 48000 Hz, 128 frames; waiting for a keyboard: plug one in; the disk"
    )
  }

  @Test("at the start there is only what is waited for")
  func start() {
    #expect(ServiceStatus(waitingFor: ["a JACK server", "the styles"]).text == "Waiting for a JACK server; the styles")
    #expect(ServiceStatus(keyboards: ["Stage 88"], waitingFor: ["x"]).text == "Listening to Stage 88; waiting for x")
    #expect(ServiceStatus().text.isEmpty)
  }
}
