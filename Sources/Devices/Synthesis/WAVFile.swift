// SPDX-License-Identifier: Apache-2.0
// Devices/Synthesis: files. A WAV file that is being written.
import CSoundFile

/// A stereo WAV file of 24-bit samples. Not for the loop or the stage. Readable up to the last second even if the process
/// dies: the header is brought up to date as it grows.
public final class WAVFile {
  public enum Failure: Error, Hashable, CustomStringConvertible {
    case cannotCreate(path: String, reason: String)
    case cannotWrite(path: String, reason: String)

    public var description: String {
      switch self {
      case .cannotCreate(let path, let reason):
        "\(path): cannot create the recording: \(reason) (does the folder exist, and may jamd write there?)"
      case .cannotWrite(let path, let reason):
        "\(path): the recording stopped: \(reason) (is the disk full?)"
      }
    }
  }

  /// Frames that its 32 bits of length have room for, and half a megabyte for what is not sound.
  public static let capacity = (Int(UInt32.max) - 1 << 19) / 6

  private let file: OpaquePointer
  public let path: String

  public init(path: String, sampleRate: UInt32) throws(Failure) {
    var info = SF_INFO()
    info.samplerate = Int32(sampleRate)
    info.channels = 2
    info.format = Int32(SF_FORMAT_WAV | SF_FORMAT_PCM_24)
    guard let file = sf_open(path, Int32(SFM_WRITE), &info) else {
      throw .cannotCreate(path: path, reason: String(cString: sf_strerror(nil)))
    }
    sf_command(file, Int32(SFC_SET_CLIPPING), nil, 1)
    self.file = file
    self.path = path
  }

  deinit { sf_close(file) }

  /// `count` frames, left and right in turn.
  public func write(_ samples: UnsafePointer<Float>, count: Int) throws(Failure) {
    guard sf_writef_float(file, samples, sf_count_t(count)) == sf_count_t(count) else {
      throw .cannotWrite(path: path, reason: String(cString: sf_strerror(file)))
    }
  }

  /// Makes what was written so far readable.
  public func flush() {
    sf_command(file, Int32(SFC_UPDATE_HEADER_NOW), nil, 0)
  }
}
