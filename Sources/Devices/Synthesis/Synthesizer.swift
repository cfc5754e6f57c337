// SPDX-License-Identifier: Apache-2.0
// Devices/Synthesis: code and data of the real-time thread. Both parts' sound; set-up is in SynthesizerSetup.swift.
import Music
import RealTime

/// Renders the player's and the answer's part, each by FluidSynth or by the organ, into one stereo pair.
///
/// A cycle is `begin`, then for each message in order of offset `play`, then `end`. Owned by the real-time thread;
/// real-time safe but for what SynthesizerSetup.swift holds. The cycle may be of any length up to
/// `SynthesizerLimits.frames`.
///
/// Before a cycle is rendered, voices are shed until rendering fits into its share of the period (`VoiceBudget` says how
/// many, `FluidEngine.shed` and `Organ.shed` say which).
public struct Synthesizer: ~Copyable {
  var fluid: FluidEngine?
  var playerOrgan: Organ?
  var answerOrgan: Organ?
  let instance: FluidInstance?
  let buffer: MonoBuffer
  /// What came of the settings.
  public let state: SynthesizerState
  public let sampleRate: UInt32
  var organRendered: UInt32 = 0
  let voiceList = VoiceList()
  var fluidBudget: VoiceBudget
  var organBudget: VoiceBudget
  /// Nanoseconds spent in this cycle.
  var fluidSpent: Int64 = 0
  var organSpent: Int64 = 0
  var organVoices = 0
  /// Voices ended so far because there was no time for them.
  public internal(set) var shedVoices: UInt64 = 0

  /// Voices that sounded in the latest cycle.
  public var activeVoices: Int {
    @_noLocks @_noAllocation get { (fluid?.voices ?? 0) &+ organVoices }
  }

  @_noLocks @_noAllocation
  public mutating func begin(count: UInt32) {
    organRendered = 0
    (fluidSpent, organSpent) = (0, 0)
    fluid?.begin()
    for frame in 0..<Int(count) { buffer.samples[frame] = 0 }
  }

  /// One message at `offset` of a cycle of `count` frames: renders up to it first.
  @_noLocks @_noAllocation
  public mutating func play(
    _ message: MIDIMessage, part: StagePart, offset: UInt32, count: UInt32, _ left: UnsafeMutablePointer<Float>,
    _ right: UnsafeMutablePointer<Float>
  ) {
    if part.isAnswer, message.status & 0x0F == 9 {
      // The sticks of counting in, whatever the answer sounds like.
      renderFluid(to: offset, end: count, left, right)
      fluid?.play(message, channel: 9)
    } else if part.isAnswer ? answerOrgan != nil : playerOrgan != nil {
      renderOrgans(to: offset < count ? offset : count)
      if part.isAnswer { answerOrgan?.play(message) } else { playerOrgan?.play(message) }
    } else {
      renderFluid(to: offset, end: count, left, right)
      fluid?.play(message, channel: part.isAnswer ? 1 : 0)
    }
  }

  /// The rest of the cycle, and both engines' sum.
  @_noLocks @_noAllocation
  public mutating func end(
    count: UInt32, _ left: UnsafeMutablePointer<Float>, _ right: UnsafeMutablePointer<Float>
  ) {
    if fluid == nil { Self.clear(left, right, count) }
    shed()
    let fluidVoices = fluid?.voices ?? 0
    organVoices = countOrganVoices()
    renderFluid(to: count, end: count, left, right)
    renderOrgans(to: count)
    fluidBudget.spent(nanoseconds: Double(fluidSpent), voices: fluidVoices, frames: Int(count))
    organBudget.spent(nanoseconds: Double(organSpent), voices: organVoices, frames: Int(count))
    for frame in 0..<Int(count) {
      left[frame] = Self.limit(left[frame] + buffer.samples[frame])
      right[frame] = Self.limit(right[frame] + buffer.samples[frame])
    }
  }

  /// Nothing sounds any more, and what pedals and wheels were told is forgotten.
  @_noLocks @_noAllocation
  public mutating func reset() {
    fluid?.reset(channel: 0)
    fluid?.reset(channel: 1)
    silence()
  }

  /// Nothing sounds any more, releases included.
  @_noLocks @_noAllocation
  public mutating func silence() {
    fluid?.silence(channel: 0)
    fluid?.silence(channel: 1)
    fluid?.silence(channel: 9)
    playerOrgan?.silence()
    answerOrgan?.silence()
  }

  // MARK: Voices

  /// FluidSynth and the organs keep within one share of the period; two organs have one limit, by halves.
  @_noLocks @_noAllocation
  private mutating func shed() {
    let hasOrgan = playerOrgan != nil || answerOrgan != nil
    let besideFluid = hasOrgan ? organBudget.expected(voices: countOrganVoices()) : 0
    var ended = fluid?.shed(to: fluidBudget.limitForCycle(beside: besideFluid), voiceList) ?? 0
    let besideOrgans = fluid == nil ? 0 : fluidBudget.expected(voices: fluid?.voices ?? 0)
    let organs = organBudget.limitForCycle(beside: besideOrgans)
    let isShared = playerOrgan != nil && answerOrgan != nil
    ended &+= playerOrgan?.shed(to: isShared ? organs / 2 : organs) ?? 0
    ended &+= answerOrgan?.shed(to: isShared ? organs / 2 : organs) ?? 0
    shedVoices &+= UInt64(ended)
  }

  @_noLocks @_noAllocation
  private mutating func countOrganVoices() -> Int {
    (playerOrgan?.countVoices() ?? 0) &+ (answerOrgan?.countVoices() ?? 0)
  }

  @_noLocks @_noAllocation
  private mutating func renderFluid(
    to frame: UInt32, end: UInt32, _ left: UnsafeMutablePointer<Float>, _ right: UnsafeMutablePointer<Float>
  ) {
    guard fluid != nil else { return }
    let start = MonotonicClock.nanoseconds
    fluid?.render(to: frame, end: end, left, right)
    fluidSpent &+= MonotonicClock.nanoseconds &- start
  }

  @_noLocks @_noAllocation
  private mutating func renderOrgans(to frame: UInt32) {
    guard frame > organRendered else { return }
    let start = MonotonicClock.nanoseconds
    defer { organSpent &+= MonotonicClock.nanoseconds &- start }
    let count = Int(frame &- organRendered)
    playerOrgan?.render(buffer.samples + Int(organRendered), count: count)
    answerOrgan?.render(buffer.samples + Int(organRendered), count: count)
    organRendered = frame
  }

  @_noLocks @_noAllocation
  private static func clear(
    _ left: UnsafeMutablePointer<Float>, _ right: UnsafeMutablePointer<Float>, _ count: UInt32
  ) {
    for frame in 0..<Int(count) {
      left[frame] = 0
      right[frame] = 0
    }
  }

  /// Straight up to 0.7 of full scale, then bent so that it never reaches it: |y| = 0.7 + 0.3 x/(1 + x).
  @_noLocks @_noAllocation
  private static func limit(_ sample: Float) -> Float {
    let size = sample < 0 ? -sample : sample
    guard size > 0.7 else { return sample }
    let excess = (size - 0.7) / 0.3
    let bent = 0.7 + 0.3 * (excess / (1 + excess))
    return sample < 0 ? -bent : bent
  }
}
