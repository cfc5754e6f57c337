// SPDX-License-Identifier: Apache-2.0
// Devices/JACKOutput: set-up. What patchbays show of jamd.
import CJACK

/// Names and an order for people, as JACK metadata (<http://jackaudio.org/metadata/>). A server without metadata changes
/// nothing: failures are no failures.
enum Metadata {
  private static let portNames = ["MIDI in", "MIDI out", "Left", "Right", "Clock out"]

  static func describe(_ client: OpaquePointer, _ ports: Ports) {
    set("jamd, an improvising player", jamd_pretty_name_key(), of: clientSubject(client), client)
    for (order, (port, name)) in zip(all(ports), portNames).enumerated() {
      let subject = jack_port_uuid(port)
      set(name, jamd_pretty_name_key(), of: subject, client)
      set("\(order + 1)", jamd_order_key(), of: subject, client, type: "http://www.w3.org/2001/XMLSchema#int")
    }
  }

  /// The server keeps metadata of clients that are gone.
  static func forget(_ client: OpaquePointer, _ ports: Ports) {
    for port in all(ports) {
      jack_remove_properties(client, jack_port_uuid(port))
    }
    if let subject = clientSubject(client) { jack_remove_properties(client, subject) }
  }

  private static func all(_ ports: Ports) -> [OpaquePointer] {
    [ports.midiIn, ports.midiOut, ports.left, ports.right, ports.clockOut]
  }

  private static func set(
    _ value: String, _ key: UnsafePointer<CChar>?, of subject: jack_uuid_t?, _ client: OpaquePointer,
    type: String = "text/plain"
  ) {
    guard let subject else { return }
    jack_set_property(client, subject, key, value, type)
  }

  private static func clientSubject(_ client: OpaquePointer) -> jack_uuid_t? {
    guard let text = jack_get_uuid_for_client_name(client, jack_get_client_name(client)) else { return nil }
    defer { jack_free(text) }
    var subject = jack_uuid_t()
    return jack_uuid_parse(text, &subject) == 0 ? subject : nil
  }
}
