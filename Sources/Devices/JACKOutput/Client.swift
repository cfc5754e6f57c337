// SPDX-License-Identifier: Apache-2.0
// Devices/JACKOutput: set-up of a JACK client. Blocks: for the background queue alone.
import CJACK
import RealTime

/// An open and active client, until it is dropped: that waits for its last cycle.
final class Client {
  let handle: OpaquePointer
  let sampleRate: UInt32
  let period: UInt32
  private let ports: Ports
  private let watch: UnsafeMutablePointer<InputWatch>

  enum Failure: Error, Hashable, CustomStringConvertible {
    case noServer(name: String?)
    case refused(String)

    var description: String {
      switch self {
      case .noServer(let name):
        "no JACK server\(name.map { " named \($0)" } ?? "") (start one, or run jamd with --start-jack)"
      case .refused(let what): "the JACK server refused \(what) (is it overloaded, or of another version?)"
      }
    }
  }

  /// Opens, registers and activates; `context` must stay in place until the client is closed. What takes long and asks
  /// nothing of the server, reading a SoundFont, is done by `loading`.
  init(
    _ settings: JACKSettings, context: UnsafeMutablePointer<ProcessContext>, loading: (() -> Void) -> Void
  ) throws(Failure) {
    JACKMessages.capture()
    let handle = try Self.open(settings)
    self.handle = handle
    sampleRate = jack_get_sample_rate(handle)
    period = jack_get_buffer_size(handle)
    do throws(Failure) {
      ports = try Self.register(handle)
    } catch {
      // What is not whole is never deinitialised.
      jack_client_close(handle)
      throw error
    }
    // From here on a throw drops the object, and so closes the client.
    watch = .allocate(capacity: 1)
    watch.initialize(to: InputWatch(client: handle, midiIn: ports.midiIn, words: context.pointee.words))
    Metadata.describe(handle, ports)
    let (ports, sampleRate) = (ports, sampleRate)
    loading { context.pointee.prepare(client: handle, ports: ports, sampleRate: sampleRate, settings: settings) }
    try Self.activate(handle, context, watch)
    if settings.connectsAudio { Self.connectAudio(handle, ports) }
  }

  /// As the timebase master, or no longer.
  func lead(_ leads: Bool, _ context: UnsafeMutablePointer<ProcessContext>) {
    if leads { jack_set_timebase_callback(handle, 0, jamdTimebase, context) } else { jack_release_timebase(handle) }
  }

  func roll(_ isRolling: Bool, fromBeginning: Bool) {
    guard isRolling else { return jack_transport_stop(handle) }
    if fromBeginning { jack_transport_locate(handle, 0) }
    jack_transport_start(handle)
  }

  deinit {
    Metadata.forget(handle, ports)
    jack_client_close(handle)
    watch.deallocate()
  }

  private static func open(_ settings: JACKSettings) throws(Failure) -> OpaquePointer {
    var status = jack_status_t(0)
    if let handle = jamd_client_open(settings.clientName, settings.serverName, &status) { return handle }
    if status.rawValue & JackServerFailed.rawValue != 0 { throw .noServer(name: settings.serverName) }
    throw .refused("the client (status \(status.rawValue))")
  }

  private static func register(_ handle: OpaquePointer) throws(Failure) -> Ports {
    let (input, output) = (UInt(JackPortIsInput.rawValue), UInt(JackPortIsOutput.rawValue))
    guard let midiIn = jack_port_register(handle, "midi_in", jamd_midi_type(), input, 0),
      let midiOut = jack_port_register(handle, "midi_out", jamd_midi_type(), output, 0),
      let clockOut = jack_port_register(handle, "clock_out", jamd_midi_type(), output, 0),
      let left = jack_port_register(handle, "out_left", jamd_audio_type(), output, 0),
      let right = jack_port_register(handle, "out_right", jamd_audio_type(), output, 0)
    else { throw .refused("a port") }
    return Ports(midiIn: midiIn, midiOut: midiOut, clockOut: clockOut, left: left, right: right)
  }

  private static func activate(
    _ handle: OpaquePointer, _ context: UnsafeMutablePointer<ProcessContext>,
    _ watch: UnsafeMutablePointer<InputWatch>
  ) throws(Failure) {
    let words = UnsafeMutableRawPointer(context.pointee.words)
    jack_on_info_shutdown(handle, jamdShutdown, words)
    guard jack_set_thread_init_callback(handle, jamdThreadBegan, words) == 0,
      jack_set_process_callback(handle, jamdProcess, context) == 0,
      jack_set_xrun_callback(handle, jamdXrun, words) == 0,
      jack_set_port_connect_callback(handle, jamdPortsConnected, watch) == 0,
      jack_set_sample_rate_callback(handle, jamdSampleRate, words) == 0, jack_activate(handle) == 0
    else { throw .refused("to run the client") }
  }

  /// To the first two physical playback ports; a mono card gets both.
  private static func connectAudio(_ handle: OpaquePointer, _ ports: Ports) {
    let flags = UInt(JackPortIsInput.rawValue | JackPortIsPhysical.rawValue)
    guard let names = jack_get_ports(handle, nil, jamd_audio_type(), flags), let first = names[0] else { return }
    defer { jack_free(names) }
    jack_connect(handle, jack_port_name(ports.left), first)
    jack_connect(handle, jack_port_name(ports.right), names[1] ?? first)
  }
}
