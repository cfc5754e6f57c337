// SPDX-License-Identifier: Apache-2.0
// Core/Scores: what can be wrong with a MIDI file.

/// Why bytes are no Standard MIDI File: what stands wrong, and at which byte.
public struct MIDIFileError: Error, Hashable, Sendable {
  public enum Reason: Hashable, Sendable {
    case notAMIDIFile
    case shortHeader(length: Int)
    case unknownFormat(Int)
    case invalidDivision(Int)
    case truncated(expected: Int)
    case missingTracks(declared: Int, found: Int)
    case longVariableLength
    case strayData
    case unknownStatus(UInt8)
    case dataOutOfRange(UInt8)
  }

  public var reason: Reason
  /// Bytes from the start of the file.
  public var offset: Int

  public init(_ reason: Reason, at offset: Int) {
    self.reason = reason
    self.offset = offset
  }
}

extension MIDIFileError: CustomStringConvertible {
  public var description: String { "at byte \(offset): \(reason.description)" }
}

extension MIDIFileError.Reason: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notAMIDIFile: "not a Standard MIDI File (it has to begin with MThd); export it as .mid"
    case .shortHeader(let length): "the header is \(length) bytes long instead of 6; export the file anew"
    case .unknownFormat(let format): "format \(format) is unknown (0, 1 and 2 exist)"
    case .invalidDivision(let division): "a division of \(division) gives ticks no length"
    case .truncated(let expected): "the file ends \(expected) bytes too early; copy it again"
    case .missingTracks(let declared, let found):
      "\(declared) tracks are declared and \(found) are there; copy the file again"
    case .longVariableLength: "a number of more than four bytes; the file is damaged"
    case .strayData: "data without a status before it; the file is damaged"
    case .unknownStatus(let status): "status \(status) has no place in a file; the file is damaged"
    case .dataOutOfRange(let byte): "data byte \(byte) is above 127; the file is damaged"
    }
  }
}
