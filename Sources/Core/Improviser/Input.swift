// SPDX-License-Identifier: Apache-2.0
// Core/Improviser: what goes into the improviser.
import Music
import Responding
import Scores
import Style

/// One source of MIDI: a keyboard on the ALSA sequencer, or the JACK MIDI port.
public struct Keyboard: Hashable, Sendable {
  public let number: UInt32

  public init(_ number: UInt32) { self.number = number }

  /// Where the JACK port `midi_in` reports its messages.
  public static let jack = Keyboard(0)
}

/// Something that happened, and when.
public struct Input: Sendable {
  public enum Event: Sendable {
    case midi(MIDIMessage, from: Keyboard)
    /// Unplugged: its held keys and pedal count as released.
    case keyboardGone(Keyboard)
    case command(Command)
  }

  public var at: Instant
  public var event: Event

  public init(at: Instant, _ event: Event) {
    self.at = at
    self.event = event
  }
}

/// What the player, the tool or a file change asks for, beside the music.
public enum Command: Sendable {
  public enum Moment: Hashable, Sendable {
    case nextPhrase, now
  }

  /// Answer in this style (or mixture) from `moment` on.
  case use([WeightedStyle], Moment)
  /// Move to these shares, from now on and over so long; `player` is the player's share of the whole, 0...1. An answer that
  /// sounds goes on in the new mix.
  case mix([WeightedStyle], player: Double, over: Duration)
  /// Silence at once; the phrase in progress is forgotten.
  case panic
  /// Play in another way from now on. What sounds of jamd ends.
  case mode(PlayingMode)
  case role(Role?)
  /// The bars of a turn in trade.
  case bars(Int)
  /// Sticks before each of jamd's turns in a trade.
  case countIn(Bool)
  /// How the mode transform chooses from the next phrase on.
  case variation(VariationChoice)
  /// Begins anew with the next note that is played; nil: what is heard counts.
  case chart(ChordChart?)
  /// A parameter's value as a share 0...1 of its range, as a controller moves it; a button is pressed at 1.
  case move(Parameter, Double)
  /// The mode morph: 0 is the style, 1 the player, reached after so long.
  case morph(Double, over: Duration)
  case tap
  /// From whoever gives the tempo: a MIDI clock, JACK's transport.
  case clock(ClockState)
  /// Answer what has been played so far, at once.
  case answer
  /// Silence until the next phrase; what is being played is heard further.
  case stop
  /// The next controller that moves is this parameter's.
  case learn(Parameter)
  /// What wheels, pedals and knobs do from now on.
  case controls(ControlAssignments)
  /// Keys outside are commands from now on.
  case keys(ClosedRange<Pitch>)
  /// Who plays several keyboards from now on. What is being played, and sounds, ends.
  case keyboards(KeyboardUse)
  /// Where keyboards are apart: who plays this one, of whom this is known.
  case playerAt(Keyboard, PlayerModel)
  /// Key of a split without a meaning.
  case nothing
  /// Another player plays from now on, of whom this is known.
  case player(PlayerModel)
}

/// A style's name as the player knows it, the style, and its share (above 0) in the mixture.
public struct WeightedStyle: Sendable {
  public var name: String
  public var style: Style
  public var weight: Double

  public init(name: String, style: Style, weight: Double = 1) {
    self.name = name
    self.style = style
    self.weight = weight
  }
}
