// SPDX-License-Identifier: Apache-2.0
// RealTime: code and data of the real-time thread. The notes that sound.

/// Which notes sound, by part, channel and pitch, and which answer started each. Owned by the real-time thread; real-time
/// safe; `start` and `stop` are O(1).
struct SoundingNotes: ~Copyable {
  static var slotCount: Int { @_noLocks @_noAllocation get { 2 &* 16 &* 128 } }

  private static var sharedCount: Int { @_noLocks @_noAllocation get { 3 &* 128 &+ 128 } }

  struct Slot: BitwiseCopyable {
    var generation: UInt32
    /// Note-ons of this generation still to be closed: a repeated pitch ends with its last note-off. 0: silent.
    var depth: UInt32

    @_noLocks @_noAllocation
    init(generation: UInt32 = 0, depth: UInt32 = 0) {
      self.generation = generation
      self.depth = depth
    }
  }

  /// A key on the stage: part, channel and pitch as one number.
  struct Key: BitwiseCopyable, Equatable {
    let index: Int

    @_noLocks @_noAllocation
    init(index: Int) { self.index = index }

    @_noLocks @_noAllocation
    init(_ part: StagePart, status: UInt8, pitch: UInt8) {
      index = (part.isAnswer ? 2048 : 0) | Int(status & 15) << 7 | Int(pitch & 127)
    }

    var part: StagePart { @_noLocks @_noAllocation get { index < 2048 ? .player : .answer } }
    var channel: UInt8 { @_noLocks @_noAllocation get { UInt8(truncatingIfNeeded: index >> 7) & 15 } }
    var pitch: UInt8 { @_noLocks @_noAllocation get { UInt8(truncatingIfNeeded: index) & 127 } }
    /// The same pitch on any channel, as the synthesizer hears it; the answer's percussion is heard apart.
    var shared: Int {
      @_noLocks @_noAllocation get {
        (part.isAnswer ? 128 : 0) | (part.isAnswer && channel == 9 ? 256 : 0) | Int(pitch)
      }
    }
  }

  private let slots: UnsafeMutablePointer<Slot>
  /// How many channels sound a pitch, by `Key.shared`.
  private let channels: UnsafeMutablePointer<UInt8>

  /// Allocates.
  init() {
    slots = .allocate(capacity: Self.slotCount)
    slots.initialize(repeating: Slot(), count: Self.slotCount)
    channels = .allocate(capacity: Self.sharedCount)
    channels.initialize(repeating: 0, count: Self.sharedCount)
  }

  deinit {
    slots.deallocate()
    channels.deallocate()
  }

  @_noLocks @_noAllocation
  func isSounding(_ key: Key) -> Bool { slots[key.index].depth > 0 }

  @_noLocks @_noAllocation
  func generation(of key: Key) -> UInt32 { slots[key.index].generation }

  /// Whether any channel of the key's part sounds its pitch.
  @_noLocks @_noAllocation
  func isPitchSounding(_ key: Key) -> Bool { channels[key.shared] > 0 }

  /// Whether anything of the part sounds; percussion is heard apart. O(pitches).
  @_noLocks @_noAllocation
  func isSounding(_ part: StagePart) -> Bool {
    let first = part.isAnswer ? 128 : 0
    for index in first..<first &+ 128 where channels[index] > 0 { return true }
    return false
  }

  /// The key begins to sound, or sounds anew, by a note-on of `generation`.
  @_noLocks @_noAllocation
  func start(_ key: Key, generation: UInt32) {
    let slot = slots[key.index]
    if slot.depth == 0 { channels[key.shared] &+= 1 }
    let isRepeated = slot.depth > 0 && slot.generation == generation && key.part.isAnswer
    slots[key.index] = Slot(generation: generation, depth: isRepeated ? slot.depth &+ 1 : 1)
  }

  /// Takes one note-off of `generation`; true when it ends the note. One that belongs to no sounding note, or to a note
  /// that a newer generation has struck again since, changes nothing.
  @_noLocks @_noAllocation
  func stop(_ key: Key, generation: UInt32) -> Bool {
    let slot = slots[key.index]
    guard slot.depth > 0, slot.generation == generation else { return false }
    guard slot.depth == 1 else {
      slots[key.index].depth = slot.depth &- 1
      return false
    }
    silence(key)
    return true
  }

  /// The key sounds no more, however often it was struck. It must sound.
  @_noLocks @_noAllocation
  func silence(_ key: Key) {
    slots[key.index].depth = 0
    channels[key.shared] &-= 1
  }

  /// Forgets everything without a word to anybody.
  @_noLocks @_noAllocation
  func removeAll() {
    for index in 0..<Self.slotCount { slots[index].depth = 0 }
    for index in 0..<Self.sharedCount { channels[index] = 0 }
  }
}
