// SPDX-License-Identifier: Apache-2.0
// Tests of Core/Responding: the rules of space.
import Music
import Responding
import Testing

@Suite struct SpaceTests {
  private static func pitches(_ numbers: some Sequence<Int>) -> [Pitch] { numbers.map { Pitch(clamping: $0) } }

  @Test(
    "a register has nothing of the player's in it wherever a fifth is free, is no wider than two octaves, and not muddy"
  )
  func free() {
    var random = RandomSource(seed: 1)
    for _ in 0..<4000 {
      let taken = (0..<Int.random(in: 1...32, using: &random)).map { _ in Int.random(in: 0...127, using: &random) }
      for role in Role.allCases {
        let register = Space.register(beside: Self.pitches(taken), role)
        let numbers = Int(register.lowerBound.number)...Int(register.upperBound.number)
        #expect(numbers.lowerBound >= 43 && numbers.upperBound <= 88 && (1...25).contains(numbers.count))
        let free = (43...88).filter { number in !taken.contains { abs($0 - number) < 2 } }
        let hasFifth = free.contains { first in (first..<(first + 7)).allSatisfy(free.contains) }
        if hasFifth { #expect(!taken.contains(where: numbers.contains), "\(numbers) beside \(taken.sorted())") }
      }
    }
  }

  @Test(
    "support stays near middle C, below a high player and above a low one; lead goes above; the gap between hands is taken"
  )
  func places() {
    let melody = Self.pitches(67...79)
    #expect(Space.register(beside: melody, .support).upperBound < Pitch(clamping: 67))
    #expect(Space.register(beside: melody, .support).lowerBound >= Pitch(clamping: 48))
    #expect(Space.register(beside: Self.pitches(60...69), .lead).lowerBound > Pitch(clamping: 69))
    #expect(Space.register(beside: Self.pitches(36...55), .support).lowerBound > Pitch(clamping: 55))
    let hands = Self.pitches(Array(36...50) + Array(72...84))
    let between = Space.register(beside: hands, .support)
    #expect(between.lowerBound > Pitch(clamping: 50) && between.upperBound < Pitch(clamping: 72))
  }

  @Test("a register is kept for as long as the player stays out of it")
  func kept() {
    let former = Pitch(clamping: 48)...Pitch(clamping: 60)
    #expect(Space.register(beside: Self.pitches([72, 76]), .support, former: former) == former)
    #expect(Space.register(beside: Self.pitches([55, 76]), .support, former: former) != former)
  }

  @Test("support plays the less the more the player plays, lead the more; and neither ever nothing")
  func density() {
    let player = stride(from: 0.0, through: 20, by: 0.5).map { $0 }
    for (less, more) in zip(player, player.dropFirst()) {
      #expect(Space.onsets(beside: more, .support) < Space.onsets(beside: less, .support))
      #expect(Space.onsets(beside: more, .lead) >= Space.onsets(beside: less, .lead))
    }
    #expect(
      player.allSatisfy {
        Space.onsets(beside: $0, .support) > 0.2 && (1...6).contains(Space.onsets(beside: $0, .lead))
      })
  }
}
