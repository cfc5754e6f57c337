// SPDX-License-Identifier: Apache-2.0
// Programs/jamd, THINKING: the one improviser between what is heard and what is played.
import Improviser
import JACKOutput
import Listening
import Music
import RealTime
import Scores
import Style

/// Takes messages in order of arrival, lets the improviser decide, and hands what it decided to the output, the recorder
/// and whoever wants to know. Lives on the loop; never blocks.
@MainActor
final class Session {
  struct Counts {
    var notesHeard = 0
    var notesPlayed = 0
    var phrases = 0
    var answers = 0
    var learnedNotes = 0
  }

  private(set) var counts = Counts()
  /// The styles of the next answer.
  private(set) var styles: [WeightedStyle] = []
  /// Nothing of an answer sounds after this instant.
  private(set) var answersUntil = Instant.zero
  private var improviser: Improviser
  /// When somebody played last; never, once all were told to stop.
  private var lastHeard: Instant?
  private let output: JACKOutput
  private let recorder: Recorder
  private let answerChannel: Channel
  /// Told everything that the improviser reports.
  var onReport: @MainActor (Report, Instant) -> Void = { _, _ in }
  /// Told how early answers are composed from now on, when they were late or have long been in time.
  var onLookAhead: @MainActor (Duration) -> Void = { _ in }
  /// How early an answer is composed: at least as early as the improviser's own `preparation`.
  private var lookAhead = LookAhead(Improviser.preparation...Duration.milliseconds(480))
  private var anticipation = Anticipation()
  /// From the moment an answer is due to be decided until its first event is in the ring, in nanoseconds.
  let answerLateness = Histogram()
  /// Why `margin` is what it is, and since when; nil while it is what it was at first.
  private(set) var marginReason: (text: String, since: Instant)?

  /// Without a style: `use` gives the first.
  init(improviser: Improviser, output: JACKOutput, recorder: Recorder, answerChannel: Channel) {
    self.improviser = improviser
    self.output = output
    self.recorder = recorder
    self.answerChannel = answerChannel
  }

  /// When `advance` has to be called next even if nothing is heard.
  var nextDeadline: Instant? { improviser.nextStep }

  /// The styles that have a share now or go on to have one.
  func names(at now: Instant) -> [String] { improviser.mix.names(at: now) }

  /// Who has what share now.
  func shares(at now: Instant) -> [MixShare] { improviser.mix.shares(at: now) }

  /// The player's share, once the mix is where it is going.
  var playerShare: Double { improviser.mix.parts.first { $0.style == nil }?.share ?? 0 }

  func hear(_ message: MIDIMessage, from keyboard: Keyboard, at instant: Instant) {
    if case .noteOn(let pitch, _) = message.meaning, controls.music.contains(pitch) {
      counts.notesHeard += 1
      lastHeard = instant
    }
    step(Input(at: instant, .midi(message, from: keyboard)))
  }

  func keyboardGone(_ keyboard: Keyboard, at now: Instant) {
    step(Input(at: now, .keyboardGone(keyboard)))
  }

  func use(_ styles: [WeightedStyle], _ moment: Command.Moment, at now: Instant) {
    self.styles = styles
    mark(StyleChange(styles, .use(moment)).marker, at: now)
    step(Input(at: now, .command(.use(styles, moment))))
  }

  /// From now on `name` plays, of whom `model` is known.
  func use(_ model: PlayerModel, of name: String, at now: Instant) {
    mark("player \(name)", at: now)
    counts.learnedNotes = model.notesLearned
    step(Input(at: now, .command(.player(model))))
  }

  /// Where keyboards are apart: `model` is what is known of the player at this one.
  func use(_ model: PlayerModel, at keyboard: Keyboard, of name: String, at now: Instant) {
    mark("player at \(keyboard.number): \(name)", at: now)
    step(Input(at: now, .command(.playerAt(keyboard, model))))
  }

  /// Without `player` the player keeps its share.
  func mix(_ styles: [WeightedStyle], player: Double?, over length: Duration, at now: Instant) {
    self.styles = styles
    let player = player ?? playerShare
    mark(StyleChange(styles, .mix(player: player, over: length)).marker, at: now)
    step(Input(at: now, .command(.mix(styles, player: player, over: length))))
  }

  /// Anything else that is asked for.
  func ask(_ command: Command, at now: Instant) {
    if let marker = command.marker { mark(marker, at: now) }
    step(Input(at: now, .command(command)))
  }

  /// A clock of somebody else's has something to say.
  func follow(_ change: ClockReceiver.Change, at now: Instant) {
    let at = improviser.admitted(now)
    anticipation.isLed = if case .running = change { true } else { false }
    switch change {
    case .running(let beat):
      ask(.clock(.running(beat.tempo, at: beat.position(at: at), in: beat.metre)), at: at)
    case .stopped: ask(.clock(.stopped), at: at)
    case .lost: ask(.clock(.lost), at: at)
    }
  }

  /// What wheels, pedals, knobs and keys outside the music's do.
  var controls: ControlMap { improviser.controls }

  /// The beat, from whoever gives it.
  func beat(at now: Instant) -> BeatGrid? { improviser.beat(at: now) }

  /// The same as the output has to be told, for which everything is heard a period late.
  func outputBeat(at now: Instant) -> BeatGrid? {
    guard var beat = improviser.beat(at: now), !anticipation.isLed, let latency = output.latency else {
      return improviser.beat(at: now)
    }
    beat.anchor = beat.anchor - latency
    return beat
  }

  func hearing(at now: Instant) -> Hearing { improviser.hearing(at: now) }

  /// Somebody plays, or has done so within two bars.
  func isPlaying(at now: Instant, beat: BeatGrid?) -> Bool {
    if answersUntil > now { return true }
    let patience = beat.map { $0.tempo.duration(of: $0.bar * 2) } ?? .zero
    return lastHeard.map { now - $0 < max(.seconds(4), patience) } ?? false
  }

  /// Whether the beat is the player's taps.
  func isTapped(at now: Instant) -> Bool { improviser.isTapped(at: now) }

  /// The way of playing.
  var mode: PlayingMode { improviser.mode }

  /// What was set of it.
  var wishes: Wishes { improviser.wishes }

  /// Whether `answer` has anything to do: who plays along can only be called back from a rest.
  var canAnswer: Bool { !mode.playsAlong || improviser.isResting }

  func panic(at now: Instant) {
    output.panic()
    mark(Take.Marker.panic, at: now)
    step(Input(at: now, .command(.panic)))
  }

  /// Lets every deadline up to `now` pass.
  func advance(to now: Instant) {
    if let deadline = nextDeadline, deadline <= now { perform(improviser.step([], at: now), at: now) }
  }

  /// For people who look at what was recorded.
  func mark(_ text: String, at now: Instant) { recorder.keep(.marker(text, at: improviser.admitted(now))) }

  func name(_ keyboard: Keyboard, _ name: String, at now: Instant) {
    recorder.keep(.keyboard(keyboard, name: name, at: improviser.admitted(now)))
  }

  /// The recorder keeps the instant at which the improviser counts the input, so that a replay gives it the very same.
  private func step(_ input: Input) {
    var input = input
    input.at = improviser.admitted(input.at)
    recorder.keep(.input(input))
    perform(improviser.step([input], at: input.at), at: input.at)
  }

  /// What sounds goes first: whoever writes it down or tells of it has time.
  private func perform(_ actions: [Action], at now: Instant) {
    for action in actions { play(action) }
    for case .report(.answered, let decision) in actions { send(answerDecidedAt: decision) }
    for action in actions {
      recorder.keep(.action(action, at: now))
      tell(action)
    }
  }

  /// What is due of an answer goes to the stage at once, not with the next tick. An answer that was not ready when it
  /// was decided has the next ones composed earlier.
  private func send(answerDecidedAt decision: Instant) {
    let now = Instant.now()
    output.flush(at: now)
    let flushed = Instant.now()
    answerLateness.record(UInt64(max(0, (flushed - decision).nanoseconds)))
    let former = lookAhead.margin
    guard let margin = lookAhead.record(lateness: now - decision) else { return }
    improviser.preparation = margin
    let late = ((now - decision).seconds * 10_000).rounded() / 10
    let text = margin > former ? "an answer was \(late) ms late" : "\(LookAhead.patience) answers were in time"
    marginReason = (text, now)
    onLookAhead(margin)
  }

  /// How early an answer is composed.
  var margin: Duration { lookAhead.margin }

  private func play(_ action: Action) {
    switch action {
    case .play(let note, let generation): play(note, generation)
    case .cancel(let generation, _):
      output.cancel(before: generation.number)
      answersUntil = .zero
    case .report: break
    }
  }

  private func tell(_ action: Action) {
    guard case .report(let report, let instant) = action else { return }
    count(report)
    onReport(report, instant)
  }

  private func play(_ note: PlayedNote, _ generation: Generation) {
    // Sticks are counted with, not among, the notes.
    let isStick = note.channel == .percussion
    if !isStick { counts.notesPlayed += 1 }
    let channel = isStick ? note.channel : answerChannel.after(Int(note.channel.index))
    answersUntil = max(answersUntil, note.release)
    let on = MIDIMessage.noteOn(note.pitch, note.velocity, channel)
    let off = MIDIMessage.noteOff(note.pitch, channel)
    let now = Instant.now()
    let sooner = anticipation.amount(
      for: note, generation, latency: output.latency, beat: improviser.beat(at: now), playsAlong: mode.playsAlong,
      at: now)
    for (instant, message) in [(note.onset - sooner, on), (note.release - sooner, off)] {
      output.schedule(
        ScheduledEvent(at: instant, message: message, part: .answer, generation: generation.number))
    }
  }

  private func count(_ report: Report) {
    switch report {
    case .phraseEnded: counts.phrases += 1
    case .answered: counts.answers += 1
    case .learned(_, let total): counts.learnedNotes = total
    case .stopped, .panicked: (lastHeard, answersUntil) = (nil, .zero)
    default: break
    }
  }
}
