// SPDX-License-Identifier: Apache-2.0
// Tests of JACKOutput: the sound card that a server of our own plays on.
import JACKOutput
import Testing

@Suite struct SoundCardsTests {
  @Test("of every card the first device that plays is taken, by card and device")
  func firstPlayback() {
    let listing = """
      00-00: USB Audio : USB Audio : capture 1
      01-03: HDMI 0 : HDMI 0 : playback 1
      01-07: HDMI 1 : HDMI 1 : playback 1
      02-00: ALC887-VD Analog : ALC887-VD Analog : playback 1 : capture 1

      """
    #expect(SoundCards.parse(listing) == ["hw:1,3", "hw:2,0"])
  }

  @Test("a machine whose cards only record, or are keyboards, has none")
  func none() {
    #expect(SoundCards.parse("").isEmpty)
    #expect(SoundCards.parse("00-00: playback : playback 1 : capture 1\n") == ["hw:0,0"])
    #expect(SoundCards.parse("00-00: USB playback : Mic : capture 1\nnonsense\n::: playback 1\n").isEmpty)
  }
}
