// SPDX-License-Identifier: Apache-2.0
// Tests/Core/Scores: takes that end with keys or pedals down.
import Music
import Scores
import Testing

@Suite struct TakeReleaseTests {
  private static let pitch = Pitch(clamping: 60)

  private static func events(_ messages: [MIDIMessage]) -> [Take.Event] {
    messages.enumerated().map { Take.Event(time: .seconds(Double($0.offset)), $0.element) }
  }

  @Test("what is let go of stays as it is, and what is not is let go of half a second after the end")
  func released() {
    let second = Channel(statusByte: 1)
    let on = MIDIMessage.noteOn(Self.pitch, .standard)
    let cases: [([MIDIMessage], added: [MIDIMessage])] = [
      ([], []), ([on, .noteOff(Self.pitch)], []), ([on, MIDIMessage(0x90, 60, 0)], []),
      ([on, .controlChange(123, 0)], []), ([on], [.noteOff(Self.pitch)]), ([on, on], [.noteOff(Self.pitch)]),
      ([on, .noteOff(Self.pitch, second)], [.noteOff(Self.pitch)]),
      ([on, .noteOff(Self.pitch), on], [.noteOff(Self.pitch)]),
      ([.controlChange(64, 127), on, .noteOff(Self.pitch)], [.controlChange(64, 0)]),
    ]
    for (messages, added) in cases {
      let track = Take.Track(name: "P", events: Self.events(messages))
      let take = Take(title: "T", tracks: [track, Take.Track(name: "empty")], markers: [])
      let end = Duration.seconds(Double(messages.count - 1)) + .milliseconds(500)
      let released = take.released
      #expect(released.tracks[0].events == track.events + added.map { Take.Event(time: end, $0) }, "\(messages)")
      #expect(released.tracks[1] == take.tracks[1] && released.title == "T")
    }
  }

  @Test("what was held to the end of a recording is let go of after the end of all that was recorded")
  func recorded() {
    let pedal = Take.Track(
      name: "A", events: Self.events([.controlChange(64, 127), .noteOn(Self.pitch, .standard), .noteOff(Self.pitch)]))
    let long = Take.Track(
      name: "B", events: Self.events((0..<30).flatMap { _ in [.noteOn(Self.pitch, .standard), .noteOff(Self.pitch)] }))
    let recorded = Take(Take(tracks: [pedal, long]).file)
    let released = recorded.released
    #expect(released.tracks[0].events.last == Take.Event(time: .seconds(59.5), .controlChange(64, 0)))
    #expect(released.tracks[1] == recorded.tracks[1])
  }
}
