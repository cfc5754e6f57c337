// SPDX-License-Identifier: Apache-2.0
// Programs/jamd: the names of sounds in the configuration.
import ControlProtocol

extension Configuration {
  /// What a part sounds like.
  package enum Sound: Hashable, Sendable {
    /// The built-in drawbar organ.
    case organ
    /// A General MIDI program, 0...127.
    case program(Int)
  }
}

extension Configuration.Sound {
  /// "organ", a program's number 0...127, or its name in General MIDI in any case. Nil for anything else.
  package init?(_ text: String) {
    let wanted = text.lowercased()
    if wanted == "organ" {
      self = .organ
    } else if let index = Self.programNames.firstIndex(where: { $0.lowercased() == wanted }) {
      self = .program(index)
    } else if let number = Int(text), (0...127).contains(number) {
      self = .program(number)
    } else {
      return nil
    }
  }

  package var name: String {
    switch self {
    case .organ: "organ"
    case .program(let number): Self.programNames[min(127, max(0, number))]
    }
  }

  /// The sound that `text` may have meant.
  static func suggestedName(for text: String) -> String? {
    let wanted = text.lowercased()
    if let near = suggestion(for: text, among: ["organ"] + programNames) { return near }
    return programNames.first { !wanted.isEmpty && $0.lowercased().contains(wanted) }
  }

  /// General MIDI Level 1 Sound Set (MIDI Manufacturers Association, RP-003), in the order of the programs.
  package static let programNames = """
    Acoustic Grand Piano, Bright Acoustic Piano, Electric Grand Piano, Honky-tonk Piano, Electric Piano 1,
    Electric Piano 2, Harpsichord, Clavi, Celesta, Glockenspiel, Music Box, Vibraphone, Marimba, Xylophone,
    Tubular Bells, Dulcimer, Drawbar Organ, Percussive Organ, Rock Organ, Church Organ, Reed Organ, Accordion,
    Harmonica, Tango Accordion, Acoustic Guitar (nylon), Acoustic Guitar (steel), Electric Guitar (jazz),
    Electric Guitar (clean), Electric Guitar (muted), Overdriven Guitar, Distortion Guitar, Guitar Harmonics,
    Acoustic Bass, Electric Bass (finger), Electric Bass (pick), Fretless Bass, Slap Bass 1, Slap Bass 2,
    Synth Bass 1, Synth Bass 2, Violin, Viola, Cello, Contrabass, Tremolo Strings, Pizzicato Strings,
    Orchestral Harp, Timpani, String Ensemble 1, String Ensemble 2, SynthStrings 1, SynthStrings 2, Choir Aahs,
    Voice Oohs, Synth Voice, Orchestra Hit, Trumpet, Trombone, Tuba, Muted Trumpet, French Horn, Brass Section,
    SynthBrass 1, SynthBrass 2, Soprano Sax, Alto Sax, Tenor Sax, Baritone Sax, Oboe, English Horn, Bassoon,
    Clarinet, Piccolo, Flute, Recorder, Pan Flute, Blown Bottle, Shakuhachi, Whistle, Ocarina, Lead 1 (square),
    Lead 2 (sawtooth), Lead 3 (calliope), Lead 4 (chiff), Lead 5 (charang), Lead 6 (voice), Lead 7 (fifths),
    Lead 8 (bass + lead), Pad 1 (new age), Pad 2 (warm), Pad 3 (polysynth), Pad 4 (choir), Pad 5 (bowed),
    Pad 6 (metallic), Pad 7 (halo), Pad 8 (sweep), FX 1 (rain), FX 2 (soundtrack), FX 3 (crystal),
    FX 4 (atmosphere), FX 5 (brightness), FX 6 (goblins), FX 7 (echoes), FX 8 (sci-fi), Sitar, Banjo, Shamisen,
    Koto, Kalimba, Bag pipe, Fiddle, Shanai, Tinkle Bell, Agogo, Steel Drums, Woodblock, Taiko Drum,
    Melodic Tom, Synth Drum, Reverse Cymbal, Guitar Fret Noise, Breath Noise, Seashore, Bird Tweet,
    Telephone Ring, Helicopter, Applause, Gunshot
    """.split(separator: ",").map { name in String(name.drop { $0 == " " || $0 == "\n" }) }
}
