// SPDX-License-Identifier: Apache-2.0
// Devices/Synthesis: code and data of the real-time thread. The drawbar organ; set-up is in OrganTables.swift.
import Music

/// An additive drawbar organ: nine sine partials a key, an envelope that is quick but does not click by itself, and the
/// contacts' own click. Owned by the real-time thread; everything but `init` is real-time safe.
///
/// Voices are taken by this rule: a free one; else the released one that is quietest; else the oldest. A voice taken over
/// keeps its phase and its level, so that the wave goes on without a step.
struct Organ: ~Copyable {
  static let voiceCount = 64

  struct Voice: BitwiseCopyable {
    var key: UInt8 = 0
    var isHeld = false
    /// The key is up, the pedal holds it.
    var isSustained = false
    var phase: UInt32 = 0
    var level: Float = 0
    var target: Float = 0
    var click: Float = 0
    var age: UInt64 = 0
  }

  private let tables: OrganTables
  private let voices: UnsafeMutablePointer<Voice>
  private let gain: Float
  private let attack: Float
  private let decay: Float
  private let clickDecay: Float
  private var isPedalDown = false
  private var started: UInt64 = 0
  private var noise: UInt32 = 0x9E37_79B9

  /// `gain` 1 keeps one key at a quarter of full scale. Allocates.
  init(_ drawbars: Drawbars, sampleRate: UInt32, gain: Double) {
    tables = OrganTables(drawbars, sampleRate: sampleRate)
    voices = .allocate(capacity: Self.voiceCount)
    voices.initialize(repeating: Voice(), count: Self.voiceCount)
    self.gain = Float(gain * 0.25)
    attack = Float(1 / (0.004 * Double(sampleRate)))
    decay = Float(1 / (0.012 * Double(sampleRate)))
    clickDecay = Float(max(0.5, 1 - 1 / (0.0015 * Double(sampleRate))))
  }

  deinit { voices.deallocate() }

  @_noLocks @_noAllocation
  mutating func play(_ message: MIDIMessage) {
    switch message.status & 0xF0 {
    case 0x90 where message.data2 > 0: start(key: message.data1 & 127, velocity: message.data2)
    case 0x80, 0x90: stop(key: message.data1 & 127)
    case 0xB0 where message.data1 == 64: setPedal(message.data2 >= 64)
    case 0xB0 where message.data1 == 120 || message.data1 >= 123: stopAll()
    case 0xB0 where message.data1 == 121: setPedal(false)
    default: break
    }
  }

  /// At once, without a release.
  @_noLocks @_noAllocation
  mutating func silence() {
    for index in 0..<64 { (voices[index].level, voices[index].click) = (0, 0) }
    stopAll()
  }

  @_noLocks @_noAllocation
  private mutating func stopAll() {
    isPedalDown = false
    for index in 0..<64 { release(index) }
  }

  @_noLocks @_noAllocation
  private mutating func start(key: UInt8, velocity: UInt8) {
    let index = voice(for: key)
    started &+= 1
    let strength = Float(velocity) / 127
    voices[index].key = key
    voices[index].isHeld = true
    voices[index].isSustained = false
    voices[index].target = gain * (0.25 + 0.75 * strength)
    voices[index].click = gain * 0.3 * strength
    voices[index].age = started
  }

  @_noLocks @_noAllocation
  private mutating func stop(key: UInt8) {
    for index in 0..<64 where voices[index].isHeld && voices[index].key == key {
      voices[index].isHeld = false
      if isPedalDown { voices[index].isSustained = true } else { release(index) }
    }
  }

  @_noLocks @_noAllocation
  private mutating func setPedal(_ isDown: Bool) {
    isPedalDown = isDown
    guard !isDown else { return }
    for index in 0..<64 where voices[index].isSustained { release(index) }
  }

  @_noLocks @_noAllocation
  private func release(_ index: Int) {
    voices[index].isHeld = false
    voices[index].isSustained = false
    voices[index].target = 0
  }

  /// The voice that already sounds the key, or one by the rule.
  @_noLocks @_noAllocation
  private func voice(for key: UInt8) -> Int {
    var best = 0
    for index in 0..<64 {
      if voices[index].key == key, voices[index].level > 0 { return index }
      if isBetter(voices[index], than: voices[best]) { best = index }
    }
    return best
  }

  @_noLocks @_noAllocation
  private func isBetter(_ a: Voice, than b: Voice) -> Bool {
    let (aSounds, bSounds) = (a.target > 0, b.target > 0)
    guard aSounds == bSounds else { return bSounds }
    return aSounds ? a.age < b.age : a.level < b.level
  }

  /// How many voices cost something.
  @_noLocks @_noAllocation
  mutating func countVoices() -> Int {
    var count = 0
    for index in 0..<64 where voices[index].level > 0 || voices[index].target > 0 { count &+= 1 }
    return count
  }

  /// Releases voices until at most `limit` of them go on, by the rule by which voices are taken; how many it released.
  /// They fade within 12 ms.
  @_noLocks @_noAllocation
  mutating func shed(to limit: Int) -> Int {
    var going = 0
    for index in 0..<64 where voices[index].target > 0 { going &+= 1 }
    let excess = going > limit ? going &- limit : 0
    for _ in 0..<excess { release(oldest) }
    return excess
  }

  /// Of those that are not released.
  private var oldest: Int {
    @_noLocks @_noAllocation get {
      var best = 0
      for index in 0..<64 where voices[index].target > 0 {
        if voices[best].target <= 0 || voices[index].age < voices[best].age { best = index }
      }
      return best
    }
  }

  /// Adds `count` frames to `output`.
  @_noLocks @_noAllocation
  mutating func render(_ output: UnsafeMutablePointer<Float>, count: Int) {
    for index in 0..<64 where voices[index].level > 0 || voices[index].target > 0 || voices[index].click > 0 {
      renderVoice(index, output, count)
    }
  }

  @_noLocks @_noAllocation
  private mutating func renderVoice(_ index: Int, _ output: UnsafeMutablePointer<Float>, _ count: Int) {
    var voice = voices[index]
    let wave = tables.waves[Int(voice.key)]
    let step = tables.steps[Int(voice.key)]
    let (up, down) = (attack * gain, decay * gain)
    for frame in 0..<count {
      if voice.level < voice.target { voice.level = min(voice.target, voice.level + up) }
      if voice.level > voice.target { voice.level = max(voice.target, voice.level - down) }
      let place = Int(voice.phase &>> 20)
      let fraction = Float(voice.phase & 0xF_FFFF) * 0x1p-20
      let sample = wave[place] + (wave[place &+ 1] - wave[place]) * fraction
      output[frame] += sample * voice.level + click(&voice)
      voice.phase &+= step
    }
    if voice.click < 1e-6 { voice.click = 0 }
    voices[index] = voice
  }

  /// The contacts' click: noise (xorshift, G. Marsaglia, JSS 2003) that dies away within some milliseconds.
  @_noLocks @_noAllocation
  private mutating func click(_ voice: inout Voice) -> Float {
    guard voice.click > 0 else { return 0 }
    noise ^= noise &<< 13
    noise ^= noise &>> 17
    noise ^= noise &<< 5
    voice.click *= clickDecay
    return voice.click * (Float(noise &>> 8) * 0x1p-23 - 1)
  }
}
