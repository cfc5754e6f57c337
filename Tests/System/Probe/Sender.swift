// SPDX-License-Identifier: Apache-2.0
// Tests/System: a client of the ALSA sequencer that plays, as a keyboard or as software does.
import CALSA
import CJACK
import Music

/// One port; what it sends reaches whoever has subscribed to it.
struct Sender {
  private let handle: OpaquePointer
  private let port: Int32

  /// A hardware port is what jamd connects by itself, and what a2jmidid leaves alone.
  init?(_ name: String, isHardware: Bool) {
    var handle: OpaquePointer?
    guard calsa_open(&handle, name) >= 0, let handle else { return nil }
    let kind =
      SND_SEQ_PORT_TYPE_MIDI_GENERIC | (isHardware ? SND_SEQ_PORT_TYPE_HARDWARE : SND_SEQ_PORT_TYPE_APPLICATION)
    let capabilities = SND_SEQ_PORT_CAP_READ | SND_SEQ_PORT_CAP_SUBS_READ
    port = snd_seq_create_simple_port(handle, name, UInt32(capabilities), UInt32(kind))
    guard port >= 0 else { return nil }
    self.handle = handle
  }

  /// Sends it at once; the server's time just before, in microseconds.
  func send(_ message: MIDIMessage) -> UInt64 {
    var event = snd_seq_event_t()
    event.queue = 253  // none: at once
    event.source.port = UInt8(port)
    event.dest.client = 254  // subscribers
    event.dest.port = 253
    switch message.status & 0xF0 {
    case 0x90, 0x80:
      event.type = UInt8((message.status & 0xF0 == 0x90 ? SND_SEQ_EVENT_NOTEON : SND_SEQ_EVENT_NOTEOFF).rawValue)
      event.data.note = snd_seq_ev_note_t(
        channel: message.status & 15, note: message.data1, velocity: message.data2, off_velocity: 0, duration: 0)
    case 0xE0:
      event.type = UInt8(SND_SEQ_EVENT_PITCHBEND.rawValue)
      let value = Int32(message.data2) << 7 | Int32(message.data1)
      event.data.control = snd_seq_ev_ctrl_t(
        channel: message.status & 15, unused: (0, 0, 0), param: 0, value: value - 8192)
    default:
      event.type = UInt8(SND_SEQ_EVENT_CONTROLLER.rawValue)
      event.data.control = snd_seq_ev_ctrl_t(
        channel: message.status & 15, unused: (0, 0, 0), param: UInt32(message.data1), value: Int32(message.data2))
    }
    let now = jack_get_time()
    snd_seq_event_output_direct(handle, &event)
    return now
  }
}
