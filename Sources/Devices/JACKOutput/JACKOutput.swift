// SPDX-License-Identifier: Apache-2.0
// Devices/JACKOutput: what the daemon's loop calls.
import CJACK
import Dispatch
import Glibc
import Music
import RealTime
import Synchronization
import Synthesis

/// jamd's JACK client: ports `midi_in`, `midi_out`, `clock_out`, `out_left` and `out_right`, kept connected to a server.
///
/// For the loop's thread alone. No method blocks, except `shutdown`, or reads a file, except the kernel's own of the
/// callback's thread once a second. Call `tick` every millisecond or so: it pushes what falls due within `lookAhead`, and
/// minds the connection.
///
/// An event scheduled for an instant leaves one period after it, always: the cycle that contains the instant is under way
/// when the instant is now, and a constant delay keeps the rhythm where an early-as-possible one would bend it.
public final class JACKOutput {
  /// How far ahead of its time an event goes to the stage: what the loop may oversleep without being late. Costs nothing
  /// (a cancelled event does not play, wherever it waits).
  public var lookAhead = Duration.milliseconds(50)

  let shared = Shared()
  let connector: Connector
  private(set) var connection: Connection
  private var schedule = Schedule()
  private var strikes = StrikeFrames()
  private(set) var clock: FrameClock?
  var clockSender = ClockSender()
  var clockUse = ClockUse()
  private var lastInput = Instant.zero
  private var inputBreak: Instant?
  private var forgottenFrames = Frames(0)
  /// The server runs no cycles: what comes due has no frame.
  private(set) var standsStill = false
  private var cycleWatch = CycleWatch()
  private var droppedEvents: UInt64 = 0
  private var unheardEvents: UInt64 = 0
  private var faults = CallbackFaults()

  /// While it is true no connection is made; one that there is stays.
  public var isHeld = false
  /// As jamd wants to be called in JACK.
  public internal(set) var clientName: String
  var departure: Departure?
  /// Of the player's, since the server stands still.
  private var heldBack = HeldBack()

  /// Nothing happens before the first `tick`. A recorder is given the mix, from the first connection to `shutdown`.
  public init(_ settings: JACKSettings, recorder: WAVRecorder? = nil, at now: Instant) {
    connector = Connector(settings, shared: shared, recorder: recorder)
    connection = Connection(startsServer: settings.startsServer, at: now)
    clientName = settings.clientName
  }

  public var isConnected: Bool { connection.isConnected }

  /// The process of the JACK server that was started here; nil where none was.
  public var serverProcess: Int32? { connector.ownServer }

  // MARK: Time

  /// The frame that plays at `instant`; nil before the first cycle. O(1).
  public func frames(at instant: Instant) -> Frames? { clock?.frames(at: instant) }

  /// When `frame` plays; nil before the first cycle. O(1).
  public func instant(of frame: Frames) -> Instant? { clock?.instant(of: frame) }

  /// The length of a cycle, which is how much later than its instant an event is heard; nil before the first cycle.
  public var latency: Duration? { clock?.cycle }

  /// Minds the connection, follows the audio clock, and pushes what is due. What happened is returned once.
  public func tick(at now: Instant) -> [Connection.Report] {
    var reports: [Connection.Report] = []
    if connection.isConnected, shared.words.pointee.isLost.load(ordering: .acquiring) {
      handle(.lost("the JACK server is gone"), now, &reports)
    }
    connector.endHangingServer(at: now)
    connector.lookForCard(at: now)
    if connection.isConnected, shared.words.pointee.hasOtherRate.exchange(false, ordering: .acquiringAndReleasing) {
      leave(.lost("the JACK server has another sample rate"), now, &reports)
    }
    for event in connector.collect() { leave(event, now, &reports) }
    mindDeparture(now, &reports)
    if let report = watchCycles(now) { reports.append(report) }
    if !isHeld { handle(.tick, now, &reports) }
    followClock()
    standsStill = clock?.standsStill(at: now) ?? false
    if !standsStill { for event in heldBack.takeAll() { play(event) } }
    if connection.isConnected, clock != nil {
      faults.follow(shared.words.pointee.thread.load(ordering: .acquiring), at: now)
    }
    if connection.isConnected { pushDue(before: now + lookAhead) } else { dropDue(before: now) }
    return reports
  }

  /// Keys outside do not pass from `midi_in` to any sound; what is held of them is still released.
  public var music: ClosedRange<Pitch> = Pitch.lowest...Pitch.highest {
    didSet {
      let keys = UInt16(music.lowerBound.number) | UInt16(music.upperBound.number) << 8
      shared.words.pointee.music.store(keys, ordering: .relaxed)
    }
  }

  /// The channels whose messages pass from `midi_in` to any sound, a bit each; what is held of others is still released.
  public var channels: UInt16 = 0xFFFF {
    didSet { shared.words.pointee.channels.store(channels, ordering: .relaxed) }
  }

  // MARK: Playing

  /// Plays an event at its instant (and one period); one whose instant has passed as soon as possible. O(log n).
  public func schedule(_ event: ScheduledEvent) { schedule.add(event) }

  /// Pushes what is due, as `tick` does, without minding the connection: what was scheduled just now need not wait.
  public func flush(at now: Instant) {
    if connection.isConnected { pushDue(before: now + lookAhead) }
  }

  /// Hands an event to the stage as it is, to leave on its very frame, or in the next cycle if that is `immediate` (MIDI
  /// thru). A full ring keeps a release for the next `tick` and drops, and counts, anything else. While the server stands
  /// still it waits, and of a key that is let go of meanwhile nothing is heard.
  public func play(_ event: StageEvent) {
    guard connection.isConnected else {
      unheardEvents += 1
      return
    }
    if standsStill {
      unheardEvents += heldBack.add(event)
      return
    }
    push(event, orKeepUntil: event.frame == .immediate ? .zero : clock?.instant(of: event.frame) ?? .zero)
  }

  /// From the next cycle on nothing of an answer before `generation` starts, and what sounds of it is released.
  public func cancel(before generation: UInt32) {
    schedule.cancel(before: generation)
    shared.control.pointee.cancel(before: generation)
  }

  /// In the next cycle everything that sounds is released and silent; everything scheduled is forgotten.
  public func panic() {
    schedule.removeAll()
    _ = heldBack.takeAll()
    shared.control.pointee.panic()
  }

  /// What `midi_in` received since the last call, in order, with the instants at which it sounded.
  public func drainInput(_ body: (MIDIMessage, Instant) -> Void) {
    while let input = shared.inputs.pointee.pop() {
      lastInput = max(lastInput, clock?.instant(of: input.frame) ?? lastInput)
      body(input.message, lastInput)
    }
  }

  /// True once when what is held at `midi_in` may never be released there, because something that was connected to it is
  /// gone or because a release found no room. By then its last messages have been drained.
  public func hasInputBroken(at now: Instant) -> Bool {
    if shared.words.pointee.isInputBroken.exchange(false, ordering: .acquiringAndReleasing) {
      inputBreak = now + .milliseconds(100)
    }
    guard let since = inputBreak, now >= since else { return false }
    inputBreak = nil
    return true
  }

  /// How it ended. JACK 2's server may cease to answer although its cycles run: many xruns in a row overfill the pipe of
  /// its own notifications.
  public enum Ending: Hashable, Sendable {
    /// Silent, and all is closed.
    case silent
    /// Silent, but the server did not answer when the client was to be closed: it finds out by itself that it is gone.
    case unanswered
    /// The server did not run the cycle that releases what sounds.
    case noLastCycle

    init(playedLastCycle: Bool, isClosed: Bool) {
      self = if !playedLastCycle { .noLastCycle } else { isClosed ? .silent : .unanswered }
    }
  }

  /// Leaves silence behind: releases everything, waits for the cycle that has done so, closes the client, finishes the
  /// recording, stops a server that was started here. Blocks up to `timeout` for the silence and as long again (at least
  /// three seconds) for the rest, and half a second more for the recording.
  public func shutdown(timeout: Duration = .milliseconds(500)) -> Ending {
    let wasConnected = connection.isConnected
    schedule.removeAll()
    shared.control.pointee.close()
    if wasConnected { awaitLastCycle(timeout) }
    _ = connection.handle(.close, at: lastInput)
    let patience = max(3_000_000_000, timeout.nanoseconds)
    let isClosed = connector.finish(timeout: .nanoseconds(Int(patience)))
    return Ending(playedLastCycle: !wasConnected || shared.control.pointee.hasClosed, isClosed: isClosed)
  }

  /// The cycle that releases everything, and one more: a client that also feeds jamd reads what was sent a cycle later.
  private func awaitLastCycle(_ timeout: Duration) {
    var last: UInt64?
    for _ in 0..<max(1, timeout.nanoseconds / 1_000_000) {
      let cycles = shared.words.pointee.cycles.load(ordering: .acquiring)
      if last == nil, shared.control.pointee.hasClosed { last = cycles }
      if let last, cycles >= last + 2 { return }
      usleep(1000)
    }
  }

  public var status: JACKStatus {
    let words = shared.words
    return JACKStatus(
      isConnected: connection.isConnected, sampleRate: clock?.sampleRate ?? 0, period: clock?.period ?? 0,
      cycles: words.pointee.cycles.load(ordering: .relaxed), xruns: words.pointee.xruns.load(ordering: .relaxed),
      stage: shared.control.pointee.counters, cost: shared.cost.pointee.summary(),
      lateness: shared.control.pointee.lateness.summary(), droppedEvents: droppedEvents,
      unheardEvents: unheardEvents, lostInputs: words.pointee.lostInputs.load(ordering: .relaxed),
      refusedMessages: words.pointee.refusedMessages.load(ordering: .relaxed),
      shedVoices: words.pointee.shedVoices.load(ordering: .relaxed), pageFaults: faults.total,
      synthesizer: connector.synthesizerState, scheduledEvents: schedule.count)
  }

  // MARK: Within

  func handle(_ event: Connection.Event, _ now: Instant, _ reports: inout [Connection.Report]) {
    // The next client has the new name.
    if case .failed = event { departure = nil }
    for order in connection.handle(event, at: now) {
      if order == .discard { departure = nil }
      switch order {
      case .report(.lost(let reason)):
        forgetClock()
        reports.append(.lost(reason: reason))
      case .open: connector.open()
      case .startServer: connector.startServer()
      case .stopServer: connector.stopServer()
      case .discard: connector.discard()
      case .report(let report): reports.append(report)
      }
    }
  }

  /// A later server's frames have nothing to do with the lost one's.
  private func forgetClock() {
    clock = nil
    _ = heldBack.takeAll()
    strikes.forget()
    clockSender.reset()
    clockUse.isRolling = false
    forgottenFrames = Frames(shared.words.pointee.nextFrame.load(ordering: .acquiring))
  }

  private func followClock() {
    guard connection.isConnected, let snapshot = shared.clock.pointee.latest() else { return }
    guard snapshot.frame >= forgottenFrames else { return }
    if clock == nil { clock = FrameClock(snapshot) }
    clock?.update(snapshot)
  }

  /// A server of our own that is beyond hope is ended: the connection starts another.
  private func watchCycles(_ now: Instant) -> Connection.Report? {
    let cycles = connection.isConnected ? shared.words.pointee.cycles.load(ordering: .relaxed) : nil
    switch cycleWatch.look(cycles: cycles, at: now) {
    case .stopped:
      return .standsStill(reason: "the JACK server runs no cycles: if it does not go on by itself, start it anew")
    case .hopeless:
      if let server = connector.ownServer { kill(server, SIGKILL) }
      return nil
    case .goesOn: return .goesOn
    case nil: return nil
    }
  }

  private func pushDue(before limit: Instant) {
    guard let clock else { return }
    while shared.events.pointee.free > 0, let event = schedule.popDue(before: limit) {
      guard let frame = frame(of: event, clock) else { continue }
      push(
        StageEvent(frame: frame, message: event.message, part: event.part, generation: event.generation),
        orKeepUntil: event.at)
    }
  }

  /// Nil: it is not to be heard. A note that comes due while the server stands still would sound when it goes on, over what
  /// belongs there; what ends one that sounds is owed at once.
  private func frame(of event: ScheduledEvent, _ clock: FrameClock) -> Frames? {
    if standsStill, event.message.isStrike {
      strikes.leaveOut(event.message, of: event.generation)
      unheardEvents += 1
      return nil
    }
    guard event.at != .zero else { return .immediate }
    let frame = strikes.place(
      event.message, of: event.generation, at: clock.frames(at: event.at) + UInt64(clock.period))
    guard standsStill, frame != nil else { return frame }
    let next = strikes.place(event.message, of: event.generation, at: clock.nextFrame)
    // Later than that: the strike has yet to be heard.
    return next == clock.nextFrame ? next : frame
  }

  /// Without a server what comes due is lost; what lies ahead may still be heard.
  private func dropDue(before now: Instant) {
    while schedule.popDue(before: now) != nil { unheardEvents += 1 }
  }

  /// The last quarter of the ring is for releases, pedals that go up among them. One that finds no room is kept, an
  /// immediate one as of instant zero.
  private func push(_ event: StageEvent, orKeepUntil instant: Instant) {
    let ring = shared.events
    let kept = ScheduledEvent(at: instant, message: event.message, part: event.part, generation: event.generation)
    let isRelease = event.message.isRelease
    if ring.pointee.free > (isRelease ? 0 : StageLimits.ring / 4), ring.pointee.push(event) { return }
    if isRelease { schedule.add(kept) } else { droppedEvents += 1 }
  }
}
