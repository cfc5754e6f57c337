// SPDX-License-Identifier: Apache-2.0
// Core/Listening, whole pieces: a performance as the running trackers hear it, note by note.
import Music

extension PerformanceAnalysis {
  /// What the trackers say in the moment, of `notes` in any order: each beat as it was predicted before it came, each key
  /// and chord from when it was heard. O(notes log notes).
  public init(hearing notes: [PlayedNote]) {
    self.init()
    let notes = notes.sorted(by: PlayedNote.inPlayedOrder)
    guard let first = notes.first, let end = notes.map(\.release).max() else { return }
    var ears = Ears(start: first.onset)
    var events = KeyEvents(notes)
    events.pass(until: end + .nanoseconds(1)) { ears.hear($0) }
    (beats, downbeats) = (ears.beats, ears.downbeats)
    ears.finish(at: end, &self)
    metre = ears.grid?.metre
    confidence = ears.grid?.confidence ?? 0
    measureTempo()
  }
}

/// All trackers, and what they said so far.
private struct Ears {
  var beats: [Instant] = []
  var downbeats: [Instant] = []
  var keys: [Span<Key>] = []
  var chords: [Span<Chord>] = []
  var phrases: [Span<Int>] = []
  var grid: BeatGrid? { tracker.grid }
  private var tracker = BeatTracker()
  private var harmony = ChordTracker()
  private var tonality = KeyEstimate()
  private var segmenter = PhraseSegmenter()
  private var now: Instant
  private var told: Instant
  private var key: (since: Instant, value: Key?)
  private var chord: (since: Instant, value: Chord?)
  private var sounding = 0

  init(start: Instant) {
    (now, told, key, chord) = (start, start, (start, nil), (start, nil))
  }

  mutating func hear(_ event: KeyEvents.Event) {
    endPhrase(before: event.at)
    tell(until: event.at)
    now = event.at
    if event.isPress { tracker.hear(event.note.pitch, event.note.velocity, at: now) }
    guard event.note.channel != .percussion else { return }
    if event.isPress {
      harmony.press(event.note.pitch, event.note.velocity, at: now)
      segmenter.began(event.note)
      sounding += 1
    } else {
      harmony.release(event.note.pitch, at: now)
      tonality.hear([event.note])
      sounding = max(0, sounding - 1)
      if let older = segmenter.ended(event.note) { tell(older) }
      change(to: tonality.key)
    }
    change(to: harmony.chord)
  }

  func finish(at end: Instant, _ analysis: inout PerformanceAnalysis) {
    var ears = self
    ears.change(to: Key?.none)
    ears.change(to: Chord?.none)
    if let phrase = ears.segmenter.finish() { ears.tell(phrase) }
    (analysis.keys, analysis.chords, analysis.phrases) = (ears.keys.joined(), ears.chords.joined(), ears.phrases)
  }

  /// Beats between the last event and this one, as they are predicted by what was heard before it.
  private mutating func tell(until limit: Instant) {
    tracker.advance(to: limit)
    guard let grid = tracker.grid, limit - now < BeatTracker.longestPause else {
      told = max(told, limit)
      return
    }
    while true {
      let next = grid.nextBeat(from: told + .milliseconds(50))
      guard next < limit else { break }
      told = next
      guard beats.last.map({ (next - $0).seconds > 0.4 * grid.tempo.beat.seconds }) ?? true else { continue }
      beats.append(next)
      let place = grid.position(at: next) / grid.bar
      if grid.metre != nil, (place - place.rounded()).magnitude < 0.05 { downbeats.append(next) }
    }
    told = max(told, limit - .milliseconds(50))
  }

  private mutating func endPhrase(before next: Instant) {
    guard let deadline = segmenter.deadline(isSilent: sounding == 0), deadline < next,
      let phrase = segmenter.finish()
    else { return }
    tell(phrase)
  }

  private mutating func tell(_ phrase: Phrase) {
    phrases.append(Span(from: phrase.start, to: phrase.end, phrase.notes.count))
  }

  private mutating func change(to value: Key?) {
    guard value != key.value else { return }
    if let old = key.value, now > key.since { keys.append(Span(from: key.since, to: now, old)) }
    key = (now, value)
  }

  private mutating func change(to value: Chord?) {
    guard value != chord.value else { return }
    if let old = chord.value, now > chord.since { chords.append(Span(from: chord.since, to: now, old)) }
    chord = (now, value)
  }
}
