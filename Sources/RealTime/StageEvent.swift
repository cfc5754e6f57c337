// SPDX-License-Identifier: Apache-2.0
// RealTime: values and units. What the loop tells the stage to play, and what comes in.
import Music

/// Whose music it is: each part has its own sound and its own way out.
public enum StagePart: Sendable, BitwiseCopyable, CaseIterable {
  /// What the player plays, passed through.
  case player
  /// What jamd answers.
  case answer

  /// Real-time safe, as `==` is not.
  public var isAnswer: Bool {
    @_noLocks @_noAllocation get {
      switch self {
      case .player: false
      case .answer: true
      }
    }
  }
}

/// One message, to leave on one frame.
public struct StageEvent: Hashable, Sendable, BitwiseCopyable {
  /// `Frames.immediate`: in the next cycle, first thing.
  public var frame: Frames
  public var message: MIDIMessage
  public var part: StagePart
  /// Counts answers: `StageControl.cancel(before:)` silences by it. Means nothing for the player's part.
  public var generation: UInt32

  @_noLocks @_noAllocation
  public init(frame: Frames, message: MIDIMessage, part: StagePart, generation: UInt32 = 0) {
    self.frame = frame
    self.message = message
    self.part = part
    self.generation = generation
  }
}

/// A message that arrived at the stage, for the loop.
public struct StageInput: Hashable, Sendable, BitwiseCopyable {
  public var frame: Frames
  public var message: MIDIMessage

  @_noLocks @_noAllocation
  public init(frame: Frames, message: MIDIMessage) {
    self.frame = frame
    self.message = message
  }
}

/// What the stage sends out in a cycle, `offset` frames after its start.
public struct StageOutput: Sendable, BitwiseCopyable {
  public var offset: UInt32
  public var message: MIDIMessage
  public var part: StagePart
  /// To the MIDI port.
  public var isForPort: Bool
  /// To the built-in synthesizer.
  public var isForSynthesizer: Bool

  @_noLocks @_noAllocation
  init(offset: UInt32, message: MIDIMessage, part: StagePart, isForPort: Bool, isForSynthesizer: Bool) {
    self.offset = offset
    self.message = message
    self.part = part
    self.isForPort = isForPort
    self.isForSynthesizer = isForSynthesizer
  }
}
