// SPDX-License-Identifier: Apache-2.0
// Devices/Synthesis: which of FluidSynth's voices end so that the others can be rendered in time.
import CFluidSynth

/// Room for a list of all voices there can be.
struct VoiceList: ~Copyable {
  static var capacity: Int { @_noLocks @_noAllocation get { 256 } }
  let voices: UnsafeMutablePointer<OpaquePointer?>

  init() {
    voices = .allocate(capacity: Self.capacity)
    voices.initialize(repeating: nil, count: Self.capacity)
  }

  deinit { voices.deallocate() }
}

extension FluidEngine {
  var voices: Int { @_noLocks @_noAllocation get { Int(jamd_fluid_voices(synthesizer)) } }

  /// Ends notes until at most `limit` voices go on; how many voices it ended. They fade within 8 ms.
  ///
  /// The order: notes that are released already, then those that only the pedal holds, then held ones; of these the
  /// softest, of equal ones the oldest. Real-time safe; O(1) while the limit is kept, else O(voices x ended notes).
  @_noLocks @_noAllocation
  func shed(to limit: Int, _ list: borrowing VoiceList) -> Int {
    guard voices > limit else { return 0 }
    let count = Int(jamd_fluid_list_voices(synthesizer, list.voices, Int32(truncatingIfNeeded: VoiceList.capacity)))
    var (left, ended) = (0, 0)
    for index in 0..<count where isGoingOn(list.voices[index]) { left &+= 1 }
    while left > limit, let victim = leastImportant(list.voices, count) {
      let note = jamd_voice_note(victim)
      for index in 0..<count where isGoingOn(list.voices[index]) {
        guard let voice = list.voices[index], jamd_voice_note(voice) == note else { continue }
        jamd_voice_shorten(voice)
        left &-= 1
        ended &+= 1
      }
      jamd_fluid_end_note(synthesizer, note)
    }
    return ended
  }

  @_noLocks @_noAllocation
  private func isGoingOn(_ voice: OpaquePointer?) -> Bool {
    guard let voice else { return false }
    return jamd_voice_is_shed(voice) == 0
  }

  @_noLocks @_noAllocation
  private func leastImportant(_ voices: UnsafeMutablePointer<OpaquePointer?>, _ count: Int) -> OpaquePointer? {
    var best: OpaquePointer?
    var bestRank = UInt64.max
    for index in 0..<count {
      guard let voice = voices[index], jamd_voice_is_shed(voice) == 0 else { continue }
      let rank = self.rank(voice)
      if rank < bestRank { (best, bestRank) = (voice, rank) }
    }
    return best
  }

  /// Least first: how it is held, then velocity, then age.
  @_noLocks @_noAllocation
  private func rank(_ voice: OpaquePointer) -> UInt64 {
    let key = UInt8(truncatingIfNeeded: jamd_voice_key(voice))
    let holding: UInt64 =
      jamd_voice_is_on(voice) == 0 ? 0 : pedals.isHeld(jamd_voice_channel(voice), key) ? 1 : 2
    let velocity = UInt64(UInt8(truncatingIfNeeded: jamd_voice_velocity(voice)))
    return holding << 48 | velocity << 32 | UInt64(jamd_voice_note(voice))
  }
}
