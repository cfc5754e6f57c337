// SPDX-License-Identifier: Apache-2.0
// Tests of ALSAInput: which ports jamd listens to.
import ALSAInput
import Music
import Testing

@Suite struct ConnectionPolicyTests {
  private func port(
    _ client: String, _ port: String = "port 0", at address: SequencerAddress = SequencerAddress(128, 0),
    isReadable: Bool = true, isHardware: Bool = false
  ) -> SequencerPort {
    SequencerPort(
      address: address, clientName: client, portName: port, isReadable: isReadable, isHardware: isHardware)
  }

  private let standard = ConnectionPolicy()

  @Test("hardware that sends is a keyboard, whatever its name")
  func hardware() {
    #expect(standard.wants(port("USB Keystation 61es", isHardware: true), own: 130))
    #expect(standard.wants(port("", "", isHardware: true), own: 130))
    #expect(!standard.wants(port("Sound Module", isReadable: false, isHardware: true), own: 130))
  }

  @Test("of a MIDI 2.0 device the groups in use are heard, not the endpoint that sends all of it once more")
  func endpoints() {
    // SND_SEQ_PORT_CAP_: READ 1, WRITE 2, SUBS_READ 32, SUBS_WRITE 64, INACTIVE 256, UMP_ENDPOINT 512.
    #expect(SequencerPort.isReadable(capabilities: 1 | 32))
    #expect(SequencerPort.isReadable(capabilities: 1 | 2 | 32 | 64))
    for capabilities in [0, 1, 32, 2 | 64, 1 | 32 | 256, 1 | 32 | 512, 1 | 2 | 32 | 64 | 512] as [UInt32] {
      #expect(!SequencerPort.isReadable(capabilities: capabilities), "\(capabilities)")
    }
  }

  @Test("Midi Through, bridges and sequencers are not")
  func software() {
    for name in ["Midi Through", "Virtual Raw MIDI 0-0", "a2jmidid", "PipeWire-System", "Rosegarden", "System"] {
      #expect(!standard.wants(port(name), own: 130), "\(name)")
    }
  }

  @Test("a keyboard in software is")
  func virtualKeyboards() {
    for name in ["VMPK Output", "vmpk output", "Virtual Keyboard", "Client-128 Virtual Piano"] {
      #expect(standard.wants(port(name), own: 130), "\(name)")
    }
  }

  @Test("jamd never listens to itself or to the system's announcements, not even when told to listen to everything")
  func neverItself() {
    let everything = ConnectionPolicy(include: [Glob("*")])
    #expect(everything.wants(port("Rosegarden"), own: 130))
    #expect(!everything.wants(port("jamd", at: SequencerAddress(130, 0), isHardware: true), own: 130))
    #expect(!everything.wants(port("System", "Announce", at: SequencerAddress(0, 1), isHardware: true), own: 130))
  }

  @Test("exclude is stronger than hardware and than include")
  func exclude() {
    let policy = ConnectionPolicy(include: [Glob("VMPK*")], exclude: [Glob("*pad*"), Glob("*output*")])
    #expect(!policy.wants(port("Launchpad X", isHardware: true), own: 130))
    #expect(!policy.wants(port("VMPK Output"), own: 130))
    #expect(policy.wants(port("Keystation", isHardware: true), own: 130))
  }

  @Test("a pattern fits the client, the port, or both with a colon")
  func names() {
    for pattern in ["Launchkey*", "*DAW*", "Launchkey MK3:*DAW Out"] {
      let policy = ConnectionPolicy(exclude: [Glob(pattern)])
      #expect(!policy.wants(port("Launchkey MK3", "Launchkey MK3 DAW Out", isHardware: true), own: 130), "\(pattern)")
    }
  }

  @Test("a device that repeats its name in its port's is called once")
  func displayNames() {
    #expect(port("Stage 88", "Stage 88 MIDI 1").name == "Stage 88 MIDI 1")
    #expect(port("VMPK Output", "out").name == "VMPK Output: out")
  }
}
