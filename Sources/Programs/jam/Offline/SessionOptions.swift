// SPDX-License-Identifier: Apache-2.0
// Programs/jam, offline: how the improviser is to play along, as jamd would be told.
import ArgumentParser
import Improviser
import Listening
import Music
import Scores

/// The defaults are jamd's.
struct SessionOptions: ParsableArguments {
  @Option(help: ArgumentHelp("The style to answer in.", valueName: "name"), completion: .styles)
  var style: String

  @Option(help: ArgumentHelp("The seed of all chance: same playing, same seed, same answers.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(help: ArgumentHelp("The share of the player's own phrases in an answer, 0...1.", valueName: "share"))
  var playerWeight = Settings().playerWeight

  @Option(help: ArgumentHelp("Above 1 bolder, below 1 more predictable.", valueName: "t"))
  var temperature = Settings().temperature

  @Option(help: ArgumentHelp("How much of what came before a choice looks at, 1...7.", valueName: "n"))
  var order = Settings().order

  @Flag(help: "More than eight successive events may be as in a piece of the style.")
  var copies = false

  @Option(
    help: ArgumentHelp("The way of playing, as jam mode has it.", valueName: "name"),
    completion: .choice(PlayingMode.self),
    transform: { try named($0) })
  var mode = PlayingMode.answer

  @Option(
    help: ArgumentHelp("How the mode transform chooses, as jam variation has it.", valueName: "choice"),
    completion: .choice(VariationChoice.self), transform: { try named($0) })
  var variation = VariationChoice.either

  @Option(help: "Who is in front: lead, support or auto.")
  var role = RoleArgument.auto

  @Option(help: ArgumentHelp("The bars of a turn in the mode trade, 1...64.", valueName: "n"))
  var bars = PlayingSettings().bars

  @Option(help: ArgumentHelp("Play these chords: a file, or a bundled chart.", valueName: "file"), completion: .file())
  var chart: String?

  @OptionGroup var folders: StyleOptions

  func validate() throws {
    if !(0...1).contains(playerWeight) { throw ValidationError("--player-weight has to be 0...1") }
    if !(0...4).contains(temperature) { throw ValidationError("--temperature has to be 0...4") }
    if !(1...7).contains(order) { throw ValidationError("--order has to be 1...7") }
    if !(1...64).contains(bars) { throw ValidationError("--bars has to be 1...64") }
  }

  func improviser(segmenter: SegmenterSettings = SegmenterSettings()) throws(FileFailure) -> Improviser {
    let style = try folders.style(named: style)
    let chart: ChordChart? = if let chart { try Files.readChart(chart) } else { nil }
    let settings = Settings(
      segmenter: segmenter, playerWeight: playerWeight, temperature: temperature, order: order,
      allowsCopies: copies,
      playing: PlayingSettings(mode: mode, role: role.role, bars: bars, variation: variation, chart: chart))
    return Improviser(settings: settings, styles: [style], seed: seed)
  }
}
