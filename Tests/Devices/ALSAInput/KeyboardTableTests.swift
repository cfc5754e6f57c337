// SPDX-License-Identifier: Apache-2.0
// Tests of ALSAInput: the keyboards that are connected.
import ALSAInput
import Music
import Testing

@Suite struct KeyboardTableTests {
  private func port(_ name: String, _ client: UInt8, _ port: UInt8 = 0) -> SequencerPort {
    SequencerPort(address: SequencerAddress(client, port), clientName: name, portName: name)
  }

  private let first = Channel.first

  @Test("a keyboard is connected once and gone once, however often that is announced")
  func idempotence() {
    var table = KeyboardTable()
    let stage = port("Stage 88", 24)
    #expect(table.connect(stage)?.number == 1)
    #expect(table.connect(stage) == nil)
    #expect(table.disconnect(stage.address)?.name == "Stage 88")
    #expect(table.disconnect(stage.address) == nil)
    #expect(table.disconnect(client: 24) == [])
  }

  @Test("numbers count from 1, because 0 is JACK's, and a keyboard that comes back has its own again")
  func numbers() {
    var table = KeyboardTable()
    #expect(table.connect(port("Stage 88", 24))?.number == 1)
    #expect(table.connect(port("Second 25", 28))?.number == 2)
    _ = table.disconnect(SequencerAddress(24, 0))
    #expect(table.connect(port("Third 49", 24))?.number == 3)
    #expect(table.connect(port("Stage 88", 32))?.number == 1)
  }

  @Test("two keyboards of one name are two keyboards")
  func twins() {
    var table = KeyboardTable()
    #expect(table.connect(port("Twin", 24))?.number == 1)
    #expect(table.connect(port("Twin", 28))?.number == 2)
    #expect(table.sender(SequencerAddress(24, 0), on: first) == 1)
    #expect(table.sender(SequencerAddress(28, 0), on: first) == 2)
  }

  @Test("a client that exits takes all its ports along, and no other's")
  func clientExit() {
    var table = KeyboardTable()
    for (client, number) in [(24, 0), (24, 1), (28, 0)] as [(UInt8, UInt8)] {
      _ = table.connect(port("Keys \(client) \(number)", client, number))
    }
    #expect(table.disconnect(client: 24).map(\.number) == [1, 2])
    #expect(table.connected.map(\.number) == [3])
  }

  @Test("a message of an unconnected sender has no keyboard")
  func stranger() {
    var table = KeyboardTable()
    #expect(table.sender(SequencerAddress(99, 0), on: first) == nil)
  }

  @Test("after lost messages every channel that a keyboard used is released, and only those")
  func releases() {
    var table = KeyboardTable()
    _ = table.connect(port("Stage 88", 24))
    _ = table.connect(port("Silent", 28))
    for channel in [0, 9] as [UInt8] { _ = table.sender(SequencerAddress(24, 0), on: Channel(statusByte: channel)) }
    let releases = table.releases()
    #expect(Set(releases.map(\.keyboard)) == [1])
    #expect(Set(releases.map(\.1.channel.index)) == [0, 9])
    #expect(releases.count == 4)
    #expect(releases.allSatisfy { $0.1.isRelease })
    #expect(releases.count { $0.1.meaning == .allNotesOff } == 2, "keys")
    #expect(releases.count { $0.1.meaning == .sustain(isDown: false) } == 2, "pedals")
  }

  @Test("after lost announcements what is not there, or another at its address, is gone")
  func reconciliation() {
    var table = KeyboardTable()
    for (name, client) in [("Stays", 24), ("Leaves", 28), ("Replaced", 32)] as [(String, UInt8)] {
      _ = table.connect(port(name, client))
    }
    let gone = table.reconcile(with: [port("Stays", 24), port("New", 32), port("Other", 36)])
    #expect(gone.map(\.name) == ["Leaves", "Replaced"])
    #expect(table.connected.map(\.name) == ["Stays"])
  }

  @Test("any storm of announcements leaves each keyboard connected exactly when it is there", arguments: 0..<20)
  func storm(seed: UInt64) {
    var random = RandomSource(seed: seed)
    var table = KeyboardTable()
    var present: [SequencerAddress: UInt32] = [:]
    for _ in 0..<2000 {
      let address = SequencerAddress(UInt8.random(in: 20...23, using: &random), UInt8.random(in: 0...2, using: &random))
      switch UInt8.random(in: 0...3, using: &random) {
      case 0, 1:
        let name = "Keys \(UInt8.random(in: 0...5, using: &random))"
        let keyboard = table.connect(SequencerPort(address: address, clientName: name, portName: name))
        #expect((keyboard == nil) == (present[address] != nil))
        if let keyboard { present[address] = keyboard.number }
      case 2:
        #expect(table.disconnect(address)?.number == present.removeValue(forKey: address))
      default:
        let gone = table.disconnect(client: address.client).map(\.address)
        #expect(Set(gone) == Set(present.keys.filter { $0.client == address.client }))
        for address in gone { present[address] = nil }
      }
      #expect(Set(table.connected.map(\.number)).count == table.connected.count)
      #expect(table.connected.count == present.count)
    }
  }

  @Test("ten thousand names do not make it grow, and numbers stay apart")
  func memory() {
    var table = KeyboardTable()
    let stage = table.connect(port("Stage 88", 24))
    var last = stage?.number ?? 0
    for index in 0..<10_000 {
      let keyboard = table.connect(port("Keys \(index)", 28))
      #expect(keyboard.map { $0.number > last } == true)
      last = keyboard?.number ?? last
      _ = table.disconnect(client: 28)
    }
    _ = table.disconnect(client: 24)
    #expect(table.connect(port("Stage 88", 24))?.number == stage?.number)
  }
}
