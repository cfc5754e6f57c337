// SPDX-License-Identifier: Apache-2.0
// Tests/JACKOutput: what patchbays show of jamd.
import CJACK
import Testing

extension RealServer {
  @Suite("Metadata") struct MetadataTests {
    private func prettyName(of port: String, asking client: OpaquePointer) -> String? {
      guard let port = jack_port_by_name(client, port) else { return nil }
      var value: UnsafeMutablePointer<CChar>?
      var type: UnsafeMutablePointer<CChar>?
      guard jack_get_property(jack_port_uuid(port), jamd_pretty_name_key(), &value, &type) == 0 else { return nil }
      defer {
        jack_free(value)
        jack_free(type)
      }
      return value.map { String(cString: $0) }
    }

    @Test("another client can read the ports' names for people")
    func names() throws {
      let rig = try Rig()
      let client = try #require(rig.listener).handle
      let names = ["midi_in", "midi_out", "out_left", "out_right"].map { prettyName(of: "jamd:\($0)", asking: client) }
      #expect(names == ["MIDI in", "MIDI out", "Left", "Right"])
    }
  }
}
