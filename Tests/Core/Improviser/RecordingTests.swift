// SPDX-License-Identifier: Apache-2.0
// Tests/Core/Improviser: from a journal to a take.
import Improviser
import Music
import Scores
import Testing

@Suite struct RecordingTests {
  static let origin = Instant(nanoseconds: 5_000_000_000)

  /// A session of `count` phrases, as the daemon records it.
  static func session(_ count: Int, seed: UInt64) -> (entries: [JournalEntry], actions: [Action]) {
    var random = RandomSource(seed: seed)
    var improviser = Improviser(styles: [TestStyles.steady], seed: seed)
    var (entries, actions): ([JournalEntry], [Action]) = ([], [])
    entries.append(JournalEntry(time: .zero, .opened(wallClock: 1000, answers: Channel(3) ?? .first)))
    func perform(_ made: [Action], at now: Instant) {
      actions += made
      entries += made.compactMap { JournalEntry($0, at: now, from: origin) }
    }
    func hear(_ message: MIDIMessage, at instant: Instant) {
      let input = Input(at: improviser.admitted(instant), .midi(message, from: Keyboard(7)))
      if let entry = JournalEntry(input, from: origin) { entries.append(entry) }
      perform(improviser.step([input], at: input.at), at: input.at)
    }
    var now = origin
    for _ in 0..<count {
      for _ in 0..<8 {
        let pitch = Pitch(clamping: Int.random(in: 48...72, using: &random))
        hear(.noteOn(pitch, .standard), at: now)
        hear(.noteOff(pitch), at: now + .milliseconds(90))
        now = now + .milliseconds(180)
      }
      now = now + .milliseconds(Int.random(in: 600...6000, using: &random))
      while let deadline = improviser.nextDeadline, deadline <= now {
        perform(improviser.step([], at: deadline), at: deadline)
      }
    }
    return (entries, actions)
  }

  static func recording(_ entries: some Sequence<JournalEntry>) -> Recording {
    Recording(JournalContents(entries: Array(entries)))
  }

  static func onsets(_ take: Take, _ track: String) -> [Take.Event] {
    take.tracks.filter { $0.name == track }.flatMap(\.events).filter {
      if case .noteOn = $0.message.meaning { true } else { false }
    }
  }

  @Test("a session that was closed gives what was heard and what was played, message by message")
  func whole() {
    let (entries, actions) = Self.session(12, seed: 1)
    var recording = Self.recording(entries)
    recording.take(JournalEntry(time: recording.end, .closed))
    var performance = Performance()
    for action in actions { performance.take(action) }
    let played = performance.played
    #expect(played.count > 50)
    let expected = Take.Track(name: Take.answerTrack, notes: played, channel: Channel(3) ?? .first) {
      $0 - Self.origin
    }
    #expect(recording.take.tracks.last == expected)
    let heard = entries.compactMap { entry in
      if case .heard(let message, _) = entry.event { Take.Event(time: entry.time, message) } else { nil }
    }
    #expect(recording.take.tracks.first?.events == heard)
    #expect(recording.take.markers.contains { $0.text.hasPrefix("phrase: 8 notes") })
    #expect(recording.take.markers.contains { $0.text.hasPrefix("answer: ") && $0.text.hasSuffix("steady") })
  }

  @Test("cut off after any entry, nothing before is missing and nothing sounds for ever")
  func cutOff() {
    let (entries, _) = Self.session(4, seed: 2)
    let whole = Self.recording(entries).take
    for length in stride(from: 1, through: entries.count, by: 3) {
      let recording = Self.recording(entries[..<length])
      let take = recording.take
      let player = Self.onsets(take, "Player 1")
      #expect(player == Array(Self.onsets(whole, "Player 1").prefix(player.count)))
      #expect(player.count == entries[..<length].count { $0.isNoteOn })
      let limit = recording.end + Recording.longestSilence
      #expect(Self.onsets(take, Take.answerTrack).allSatisfy { $0.time < limit })
      for track in take.tracks {
        var sounding = 0
        for event in track.events { sounding += event.message.isOn ? 1 : -1 }
        #expect(sounding == 0)
      }
    }
  }

  @Test("where keyboards are apart the answers to each player are on a track of their own, with his name and channel")
  func players() throws {
    let players = [
      SeatTests.phrase(SeatTests.left, from: 40, at: 0), SeatTests.phrase(SeatTests.right, from: 80, at: 0.1),
    ]
    let inputs = players.flatMap(\.inputs).sorted { $0.at < $1.at }
    var improviser = Improviser(
      settings: Settings(playing: PlayingSettings(keyboards: .apart)), styles: [TestStyles.steady], seed: 2)
    var entries = [
      JournalEntry(time: .zero, .opened(wallClock: 0, answers: Channel(8) ?? .first)),
      JournalEntry(time: .zero, .named("Stage 88", keyboard: 2)),
    ]
    func perform(_ actions: [Action], at now: Instant) {
      entries += actions.compactMap { JournalEntry($0, at: now, from: .zero) }
    }
    for input in inputs {
      entries += [JournalEntry(input, from: .zero)].compactMap(\.self)
      perform(improviser.step([input], at: input.at), at: input.at)
    }
    while let deadline = improviser.nextDeadline { perform(improviser.step([], at: deadline), at: deadline) }
    let bytes = Journal.start + entries.flatMap { $0.encoded() }
    var recording = Recording(try Journal.read(bytes))
    recording.take(JournalEntry(time: recording.end, .closed))
    let take = recording.take
    let names = ["Player 1", "Player 2: Stage 88", "jamd: Player 1", "jamd: Stage 88"]
    #expect(take.tracks.map(\.name) == names && take.players.map(\.name) == Array(names.prefix(2)))
    for (name, channel, register) in [(names[2], 8, 20...62), (names[3], 10, 66...100)] {
      let onsets = Self.onsets(take, name)
      #expect(onsets.count > 4 && onsets.allSatisfy { Int($0.message.channel.index) == channel })
      #expect(onsets.allSatisfy { register.contains(Int($0.message.data1)) }, "\(name)")
    }
  }

  @Test("the take survives a MIDI file")
  func file() throws {
    let take = Self.recording(Self.session(5, seed: 3).entries).take
    #expect(Take(try StandardMIDIFile(parsing: take.file.encoded())).tracks == take.tracks)
  }

  @Test("the player's beats become the tempo map, and the notes stay where they were")
  func beats() throws {
    var entries = [JournalEntry(time: .zero, .opened(wallClock: 0, answers: .first))]
    for index in 0..<64 {
      let pitch = Pitch(clamping: [60, 64, 67, 72][index % 4])
      let time = Duration.seconds(1 + 0.25 * Double(index))
      entries.append(JournalEntry(time: time, .heard(.noteOn(pitch, .standard), keyboard: 1)))
      entries.append(JournalEntry(time: time + .milliseconds(200), .heard(.noteOff(pitch), keyboard: 1)))
    }
    let recording = Self.recording(entries)
    let take = recording.takeWithBeats
    #expect(take.beats.count > 10)
    #expect(take.tracks == recording.take.tracks)
    let file = try StandardMIDIFile(parsing: take.file.encoded())
    #expect(Take(file).tracks == take.tracks.filter { !$0.events.isEmpty })
    let onsets = Self.onsets(take, "Player 1").map { Piece(file).tempoMap.position(at: $0.time).count }
    #expect(onsets.count { abs($0 - $0.rounded()) < 0.01 } >= 64 / 4)
  }

  @Test("whatever was in a journal, it has a take with beats")
  func anything() {
    var random = RandomSource(seed: 11)
    for _ in 0..<200 {
      let entries = (0..<Int.random(in: 0...60, using: &random)).map { _ in
        let data = (0..<2).map { _ in UInt8.random(in: 0...127, using: &random) }
        let message = MIDIMessage(UInt8.random(in: 0x80...0xEF, using: &random), data[0], data[1])
        let longest = Int64(1) << Int64.random(in: 1...43, using: &random)
        let time = Duration.nanoseconds(Int64.random(in: 0...longest, using: &random))
        return JournalEntry(time: time, .heard(message, keyboard: UInt32.random(in: 0...2, using: &random)))
      }
      let take = Self.recording(entries.sorted { $0.time < $1.time }).takeWithBeats
      #expect(zip(take.beats, take.beats.dropFirst()).allSatisfy { $0 < $1 })
      #expect(take.beats.allSatisfy { $0 >= .zero })
      #expect(
        Take(take.file).tracks.map(\.events.count) == take.tracks.filter { !$0.events.isEmpty }.map(\.events.count))
    }
  }

  @Test("a keyboard's name is on its track, and an unplugged one is released on the channels it used")
  func keyboards() {
    let message = MIDIMessage.noteOn(Pitch(clamping: 60), .standard, Channel(4) ?? .first)
    let recording = Self.recording([
      JournalEntry(time: .zero, .named("Stage 88", keyboard: 20)),
      JournalEntry(time: .seconds(1), .heard(message, keyboard: 20)),
      JournalEntry(time: .seconds(2), .heard(message, keyboard: 0)),
      JournalEntry(time: .seconds(3), .gone(keyboard: 20)),
      JournalEntry(time: .seconds(4), .lost(3)),
    ])
    let take = recording.take
    #expect(take.tracks.map(\.name) == ["Player (JACK)", "Player 1: Stage 88", Take.answerTrack])
    #expect(take.tracks[1].events.last == Take.Event(time: .seconds(3), .controlChange(123, 0, Channel(4) ?? .first)))
    #expect(
      take.tracks[0].events.last == Take.Event(time: .seconds(4), .noteOff(Pitch(clamping: 60), Channel(4) ?? .first)))
    #expect(take.markers.map(\.text) == ["3 events lost: the disk did not take them"])
  }
}

extension JournalEntry {
  fileprivate var isNoteOn: Bool { if case .heard(let message, _) = event { message.isOn } else { false } }
}

extension MIDIMessage {
  fileprivate var isOn: Bool { if case .noteOn = meaning { true } else { false } }
}
