// SPDX-License-Identifier: Apache-2.0
// RealTime: code and data of the real-time thread. Set-up is in StageSetup.swift.
import Music
import Synchronization

/// Plays what is due, and owns what sounds: for each note-on that it sends it sends exactly one note-off, whatever
/// happens. Pure of JACK: a cycle goes in as a window of frames and comes out as messages with offsets in order.
///
/// Owned by the real-time thread. Everything is real-time safe except `init`, and bounded by the capacities.
///
/// Rules:
/// - An event later than its frame is played at once and counted with its lateness; a note of an answer later than
///   `staleAfter` is not started (and its note-off then finds nothing to release).
/// - A pitch struck again while it sounds is released first. A note-off ends only a note of its own generation; where one
///   answer strikes a pitch twice before releasing it, the last note-off ends it.
/// - Releases (cancelled answer, panic, close) leave at offset 0, before everything else.
/// - A cycle that is full keeps the rest, in order, for the next one.
/// - What waits is bounded: of what came by itself other messages are left out from half of the room on, note-ons from
///   seven eighths on, and a release that finds no room is answered by a panic: better silent than hung.
public struct Stage: ~Copyable {
  let control: UnsafeMutablePointer<StageControl>
  let ring: UnsafeMutablePointer<EventRing>
  let routing: StageRouting
  let outputs: StageOutputs
  var pending: PendingEvents
  let notes: SoundingNotes
  var pedals: UInt32 = 0
  var usedChannels: UInt32 = 0
  var generation: UInt32 = 0
  var panicsSeen: UInt32
  var nanosecondsPerFrame: UInt64 = 20833
  var staleAfter: UInt64 = 24000
  var start = Frames(0)
  var hasPanicked = false
  var isClosed = false
  /// A release was lost before it could be played.
  var hasLostRelease = false
  /// How many messages the latest cycle sends; `output(_:)` has them.
  public internal(set) var outputCount = 0

  /// The `index`-th message of the latest cycle, in order of offset.
  @_noLocks @_noAllocation
  public func output(_ index: Int) -> StageOutput { outputs.messages[index] }

  /// Whether the latest cycle was a panic: the synthesizer must fall silent at once.
  public var didPanic: Bool { @_noLocks @_noAllocation get { hasPanicked } }

  /// Whether the stage has been asked to close: the latest cycle must end in silence.
  public var isClosing: Bool { @_noLocks @_noAllocation get { isClosed } }

  /// An event that reached the real-time thread by itself (JACK MIDI in), before `run`. False when there is no room.
  @_noLocks @_noAllocation
  public mutating func insert(_ event: StageEvent) -> Bool {
    let isRelease = event.message.isRelease
    let reserve = event.message.status & 0xF0 == 0x90 ? StageLimits.pending / 8 : StageLimits.pending / 2
    guard pending.free > (isRelease ? 0 : reserve) else {
      if isRelease { hasLostRelease = true }
      return false
    }
    pending.insert(event)
    return true
  }

  /// One cycle of `count` frames from `start` on.
  @_noLocks @_noAllocation
  public mutating func run(start: Frames, count: UInt32) {
    self.start = start
    outputCount = 0
    hasPanicked = false
    obeyRequests()
    while pending.free > StageLimits.pending / 8, let event = ring.pointee.pop() { pending.insert(event) }
    guard !isClosed else { return pending.removeAll() }
    let end = start + UInt64(count)
    while outputCount < StageLimits.eventsPerCycle, let event = pending.pop(before: end) { play(event) }
    if pending.isDue(before: end) { StageControl.count(control.pointee.fullCycles) }
  }

  /// To be called when the cycle's audio has been rendered too: the loop may now take the stage down.
  @_noLocks @_noAllocation
  public func acknowledgeClose() {
    if isClosed { control.pointee.isClosed.store(true, ordering: .releasing) }
  }

  // MARK: What sounds is released

  @_noLocks @_noAllocation
  private mutating func obeyRequests() {
    let minimum = control.pointee.minimumGeneration.load(ordering: .acquiring)
    if minimum > generation {
      generation = minimum
      releaseAnswers(before: minimum)
    }
    let panics = control.pointee.panicRequests.load(ordering: .acquiring)
    if panics != panicsSeen || hasLostRelease { panic(panics) }
    if !isClosed, control.pointee.isCloseRequested.load(ordering: .acquiring) {
      isClosed = true
      releaseAll()
    }
  }

  /// Nothing of what is forgotten is missed: every note-off among it belongs to a note that is released here.
  @_noLocks @_noAllocation
  private mutating func panic(_ requests: UInt32) {
    panicsSeen = requests
    hasPanicked = true
    hasLostRelease = false
    while ring.pointee.count > 0 {
      _ = ring.pointee.pop()
      StageControl.count(control.pointee.cancelledEvents)
    }
    pending.removeAll()
    releaseAll()
    sendToUsedChannels(controller: 123)
    sendToUsedChannels(controller: 120)
  }

  @_noLocks @_noAllocation
  private mutating func releaseAnswers(before generation: UInt32) {
    for index in SoundingNotes.slotCount / 2..<SoundingNotes.slotCount {
      let key = SoundingNotes.Key(index: index)
      if notes.isSounding(key), notes.generation(of: key) < generation { release(key, offset: 0) }
    }
    liftPedals(of: .answer)
  }

  @_noLocks @_noAllocation
  private mutating func releaseAll() {
    for index in 0..<SoundingNotes.slotCount {
      let key = SoundingNotes.Key(index: index)
      if notes.isSounding(key) { release(key, offset: 0) }
    }
    liftPedals(of: .player)
    liftPedals(of: .answer)
  }

  @_noLocks @_noAllocation
  private mutating func release(_ key: SoundingNotes.Key, offset: UInt32) {
    notes.silence(key)
    send(MIDIMessage(0x80 | key.channel, key.pitch, 64), key.part, offset, synthesizer: !notes.isPitchSounding(key))
  }

  @_noLocks @_noAllocation
  private mutating func liftPedals(of part: StagePart) {
    for channel in 0..<16 as Range<UInt8> where pedals & Self.bit(part, channel) != 0 {
      pedals &= ~Self.bit(part, channel)
      send(MIDIMessage(0xB0 | channel, 64, 0), part, 0, synthesizer: true)
    }
  }

  @_noLocks @_noAllocation
  private mutating func sendToUsedChannels(controller: UInt8) {
    for part in 0..<2 as Range<UInt8> {
      for channel in 0..<16 as Range<UInt8> {
        let part: StagePart = part == 0 ? .player : .answer
        guard usedChannels & Self.bit(part, channel) != 0 else { continue }
        send(MIDIMessage(0xB0 | channel, controller, 0), part, 0, synthesizer: false)
      }
    }
  }

  @_noLocks @_noAllocation
  private static func bit(_ part: StagePart, _ channel: UInt8) -> UInt32 {
    1 &<< UInt32((part.isAnswer ? 16 : 0) &+ (channel & 15))
  }

  /// Of all channels.
  @_noLocks @_noAllocation
  private static func bits(_ part: StagePart) -> UInt32 { part.isAnswer ? 0xFFFF_0000 : 0xFFFF }

  // MARK: What is due is played

  @_noLocks @_noAllocation
  private mutating func play(_ event: StageEvent) {
    let message = event.message
    guard message.status >= 0x80, message.status < 0xF0, message.data1 < 0x80, message.data2 < 0x80 else { return }
    guard !event.part.isAnswer || event.generation >= generation else {
      return StageControl.count(control.pointee.cancelledEvents)
    }
    let late = event.frame < start && event.frame.count > 0 ? start.count &- event.frame.count : 0
    let offset = event.frame < start ? 0 : UInt32(truncatingIfNeeded: event.frame.count &- start.count)
    if event.frame.count > 0 { measure(late) }
    switch message.status & 0xF0 {
    case 0x90 where message.data2 > 0: playNoteOn(event, offset, late)
    case 0x80, 0x90: playNoteOff(event, offset)
    case 0xB0: playControlChange(event, offset)
    default: send(message, event.part, offset, synthesizer: true)
    }
  }

  @_noLocks @_noAllocation
  private mutating func measure(_ late: UInt64) {
    if late > 0 { StageControl.count(control.pointee.lateEvents) }
    control.pointee.lateness.record(late &* nanosecondsPerFrame)
  }

  @_noLocks @_noAllocation
  private mutating func playNoteOn(_ event: StageEvent, _ offset: UInt32, _ late: UInt64) {
    guard !event.part.isAnswer || late <= staleAfter else {
      return StageControl.count(control.pointee.staleNotes)
    }
    let key = SoundingNotes.Key(event.part, status: event.message.status, pitch: event.message.data1)
    if notes.isSounding(key) {
      send(MIDIMessage(0x80 | key.channel, key.pitch, 64), key.part, offset, synthesizer: true)
    }
    notes.start(key, generation: event.generation)
    StageControl.count(control.pointee.notes)
    send(event.message, event.part, offset, synthesizer: true)
  }

  @_noLocks @_noAllocation
  private mutating func playNoteOff(_ event: StageEvent, _ offset: UInt32) {
    let key = SoundingNotes.Key(event.part, status: event.message.status, pitch: event.message.data1)
    guard notes.stop(key, generation: event.generation) else { return }
    let message = MIDIMessage(0x80 | key.channel, key.pitch, event.message.status < 0x90 ? event.message.data2 : 64)
    send(message, event.part, offset, synthesizer: !notes.isPitchSounding(key))
  }

  @_noLocks @_noAllocation
  private mutating func playControlChange(_ event: StageEvent, _ offset: UInt32) {
    let message = event.message
    let bit = Self.bit(event.part, message.status & 15)
    // To the synthesizer a part is one channel: what ends something on one of the part's may end nothing on its others.
    var isForAll = true
    switch message.data1 {
    case 64 where message.data2 >= 64: pedals |= bit
    case 64, 121:
      pedals &= ~bit
      isForAll = pedals & Self.bits(event.part) == 0
    case 120, 123...127:
      releaseChannel(event.part, message.status & 15, offset)
      isForAll = pedals & ~bit & Self.bits(event.part) == 0 && !notes.isSounding(event.part)
    default: break
    }
    send(message, event.part, offset, synthesizer: isForAll)
  }

  @_noLocks @_noAllocation
  private mutating func releaseChannel(_ part: StagePart, _ channel: UInt8, _ offset: UInt32) {
    for pitch in 0..<128 as Range<UInt8> {
      let key = SoundingNotes.Key(part, status: channel, pitch: pitch)
      if notes.isSounding(key) { release(key, offset: offset) }
    }
  }

  /// Never more than `StageLimits.outputCapacity` a cycle: `eventsPerCycle` events send at most 130 messages each only
  /// where 128 notes sound, and each note is released once.
  @_noLocks @_noAllocation
  private mutating func send(_ message: MIDIMessage, _ part: StagePart, _ offset: UInt32, synthesizer: Bool) {
    usedChannels |= Self.bit(part, message.status & 15)
    let isForPort = part.isAnswer ? routing.answerToPort : routing.playerToPort
    let sounds = part.isAnswer ? routing.answerToSynthesizer : routing.playerToSynthesizer
    outputs.messages[outputCount] = StageOutput(
      offset: offset, message: message, part: part, isForPort: isForPort, isForSynthesizer: sounds && synthesizer)
    outputCount &+= 1
  }
}
