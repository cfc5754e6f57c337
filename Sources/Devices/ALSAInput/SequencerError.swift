// SPDX-License-Identifier: Apache-2.0
// Devices/ALSAInput: why there is no sequencer, and the way out.
import Glibc

public enum SequencerError: Error, Hashable, Sendable, CustomStringConvertible {
  /// No /dev/snd/seq, or nothing behind it.
  case missing
  case forbidden
  /// The sequencer itself failed: `call` gave this errno.
  case failed(call: String, errno: Int32)

  init(call: String, code: Int32) {
    switch -code {
    case ENOENT, ENODEV, ENXIO: self = .missing
    case EACCES, EPERM: self = .forbidden
    default: self = .failed(call: call, errno: -code)
    }
  }

  public var description: String {
    switch self {
    case .missing:
      "no ALSA sequencer (/dev/snd/seq): load it with `modprobe snd-seq`; until then only JACK MIDI is heard"
    case .forbidden:
      "may not open the ALSA sequencer (/dev/snd/seq): put this user into group audio (`adduser USER audio`)"
    case .failed(let call, let code):
      "ALSA sequencer: \(call) failed (\(String(cString: strerror(code)))); it is opened again in a moment"
    }
  }
}
