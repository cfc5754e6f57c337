// SPDX-License-Identifier: Apache-2.0
// Core/Scores: the Standard MIDI File as it is on disk (MIDI Manufacturers Association, RP-001, v1.1).
import Music

/// A file's tracks of events in ticks, before anything is made of them.
public struct StandardMIDIFile: Hashable, Sendable {
  public enum Format: UInt16, Hashable, Sendable {
    case singleTrack = 0
    case simultaneousTracks = 1
    case independentTracks = 2
  }

  /// How long a tick is.
  public enum Division: Hashable, Sendable {
    /// 1...32767 ticks a quarter note.
    case ticksPerQuarter(Int)
    /// SMPTE: frames a second (24, 25, 29.97 as 29, 30) and ticks a frame (1...255); tempo means nothing then.
    case ticksPerFrame(framesPerSecond: Int, ticks: Int)

    /// Nil for ticks a quarter.
    public var ticksPerSecond: Double? {
      guard case .ticksPerFrame(let frames, let ticks) = self else { return nil }
      return (frames == 29 ? 30000 / 1001.0 : Double(frames)) * Double(ticks)
    }
  }

  public enum Event: Hashable, Sendable {
    case message(MIDIMessage)
    /// Type 0...127 and its data.
    case meta(UInt8, [UInt8])
    /// Begins with 0xF0 or 0xF7.
    case systemExclusive([UInt8])
  }

  public struct TimedEvent: Hashable, Sendable {
    /// From the track's start; never falls within a track.
    public var tick: Int
    public var event: Event

    public init(tick: Int, _ event: Event) {
      self.tick = tick
      self.event = event
    }
  }

  public var format: Format
  public var division: Division
  public var tracks: [[TimedEvent]]

  public init(format: Format, division: Division, tracks: [[TimedEvent]]) {
    self.format = format
    self.division = division
    self.tracks = tracks
  }
}

/// Meta events that jamd reads and writes.
enum MetaType {
  static let text: UInt8 = 0x01
  static let trackName: UInt8 = 0x03
  static let marker: UInt8 = 0x06
  static let endOfTrack: UInt8 = 0x2F
  static let tempo: UInt8 = 0x51
  static let timeSignature: UInt8 = 0x58
  static let keySignature: UInt8 = 0x59
}
