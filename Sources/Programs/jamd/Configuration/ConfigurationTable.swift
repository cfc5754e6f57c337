// SPDX-License-Identifier: Apache-2.0
// Programs/jamd: the one table of configuration keys; jamd.toml and its manual page are written from it.
import Music

extension ConfigurationKey {
  /// The sections in the order of the documentation, each with what it is about.
  package static let sections: [(name: String, title: String)] = [
    ("style", "In whose style jamd answers."),
    (
      "phrase",
      "When a phrase is over. A phrase ends when all keys and the pedal are up and the silence lasts long enough."
    ),
    ("player", "What you play, and how you hear it."),
    ("answer", "What jamd plays."),
    ("synth", "The built-in synthesizer, which plays to the JACK ports out_left and out_right."),
    ("jack", "The JACK server."),
    ("alsa", "Keyboards on the ALSA sequencer."),
    ("real_time", "Scheduling."),
    ("midi", "Keys that are commands. From the split outwards: the modes in their order, then tap, answer and stop."),
    ("clock", "Whose beat jamd follows, and who follows jamd's."),
    ("record", "Sessions, each kept as a MIDI file. Nothing has to be started: what is played is kept."),
    ("control", "The socket for jam, and OSC."),
  ]

  package static let all: [ConfigurationKey] = style + phrase + player + answer + synth + devices + clock + rest

  package static func named(_ path: String) -> ConfigurationKey? { all.first { $0.path == path } }

  private static let style: [ConfigurationKey] = [
    .text(
      "style.name", \.style.name, .text,
      "The style to start with, by the name of its file without .style. Empty: the first in alphabetical order."),
    .texts(
      "style.folders", \.style.folders, .paths,
      "Folders of style files, searched before the standard ones; the same name in an earlier folder wins."),
    .number(
      "style.player_weight", \.style.playerWeight, 0...1,
      "The share that what you played yourself has in the answer. 0: only the style. 1: only you."),
    .number(
      "style.temperature", \.style.temperature, 0...3,
      "How bold answers are: below 1 more predictable, above 1 bolder; 0 always takes the likeliest note."),
    .whole(
      "style.order", \.style.order, 1...7,
      "How much of what came before each choice looks at: 7 is closest to the style, 1 freest."),
    .flag(
      "style.copies", \.style.allowsCopies,
      "More than eight successive events of an answer may be as in a piece that the style has learned."),
    .optionalWhole(
      "style.seed", \.style.seed, 0...Int.max,
      "The seed of all chance: the same playing with the same seed gives the same answers. Not set: a new one at every start."
    ),
  ]

  private static let phrase: [ConfigurationKey] = [
    .milliseconds(
      "phrase.shortest_silence_ms", \.phrase.shortestSilence, 50...5000,
      "No silence shorter than this ends a phrase, however fast you play."),
    .milliseconds(
      "phrase.longest_silence_ms", \.phrase.longestSilence, 50...10000,
      "A silence as long as this always ends a phrase."),
    .number(
      "phrase.silence_factor", \.phrase.silenceFactor, 0.5...16,
      "Between the two, the silence that ends a phrase is this many times the phrase's median inter-onset interval."),
  ]

  private static let player: [ConfigurationKey] = [
    .text(
      "player.name", \.player.name, .playerName,
      "Who plays. What jamd has learned of each player is kept from one session to the next. Empty: it is forgotten in the end."
    ),
    .channels(
      "player.channels", \.player.channels, "The MIDI channels that jamd listens to. Empty: all."),
    .flag("player.thru", \.player.thru, "Whether the synthesizer also plays what you play."),
    .flag(
      "player.thru_to_midi_out", \.player.thruToMIDIOut,
      "Whether the JACK port midi_out also carries what you play, on the channel you play it on."),
    .sound("player.sound", \.player.sound, "What you sound like."),
    .number("player.gain", \.player.gain, 0...2, "How loud you are; 1 is the sound as it is."),
  ]

  private static let answer: [ConfigurationKey] = [
    .choice(
      "answer.mode", PlayingMode.allCases.map(\.rawValue), read: { $0.answer.mode.rawValue },
      write: { $0.answer.mode = PlayingMode(rawValue: $1) ?? $0.answer.mode },
      "The way of playing to start with; jam mode changes it. "
        + PlayingMode.allCases.map { "\($0.rawValue): \($0.explanation)." }.joined(separator: " ")),
    .choice(
      "answer.role", ["auto"] + Role.allCases.map(\.rawValue), read: { $0.answer.role }, write: { $0.answer.role = $1 },
      "Who is in front: \"lead\" is denser and louder than you, \"support\" thinner and softer. auto: as the mode is."),
    .whole("answer.bars", \.answer.bars, 1...64, "The bars of a turn in the mode trade."),
    .flag(
      "answer.count_in", \.answer.countsIn,
      "Whether sticks (key 37 on channel 10, and in the SoundFont) count the bar before each turn in the mode trade."),
    .choice(
      "answer.variation", VariationChoice.allCases.map(\.rawValue), read: { $0.answer.variation.rawValue },
      write: { $0.answer.variation = VariationChoice(rawValue: $1) ?? $0.answer.variation },
      "How the mode transform chooses. "
        + VariationChoice.allCases.map { "\($0.rawValue): \($0.explanation)." }.joined(separator: " ")),
    .text(
      "answer.chart", \.answer.chart, .text,
      "A chord chart to follow: a file, or 12-bar-blues or ii-V-I. Empty: the harmony that is heard."),
    .flag(
      "answer.overlap", \.answer.overlap,
      "Whether the answer plays on when you start again. Otherwise it yields at once."),
    .milliseconds(
      "answer.lead_ms", \.answer.lead, 0...20, "How long after the end of the phrase is decided the answer starts."),
    .whole("answer.channel", \.answer.channel, 1...16, "The MIDI channel on which midi_out carries the answer."),
    .sound("answer.sound", \.answer.sound, "What jamd sounds like."),
    .number("answer.gain", \.answer.gain, 0...2, "How loud jamd is; 1 is the sound as it is."),
  ]

  private static let synth: [ConfigurationKey] = [
    .flag("synth.enabled", \.synth.isEnabled, "Whether jamd makes sound itself. Otherwise it only sends MIDI."),
    .text(
      "synth.soundfont", \.synth.soundFont, .path,
      "The SoundFont. Empty: the first in the usual places; where there is none, the organ plays."),
    .drawbars(
      "synth.drawbars", \.synth.drawbars,
      "The drawbars of the sound \"organ\", from 16' to 1', as registrations are written."),
  ]

  private static let devices: [ConfigurationKey] = [
    .text(
      "jack.server", \.jack.server, .text, "The name of the JACK server. Empty: $JACK_DEFAULT_SERVER, else \"default\"."
    ),
    .flag(
      "jack.start", \.jack.startsServer,
      "Whether to start a JACK server where none is running, and to stop it in the end."),
    .flag(
      "jack.connect", \.jack.connectsOutputs,
      "Whether to connect out_left and out_right to the system's playback ports."),
    .flag("alsa.enabled", \.alsa.isEnabled, "Whether to listen to the ALSA sequencer at all."),
    .texts(
      "alsa.include", \.alsa.include, .patterns,
      "Software to listen to like to hardware: patterns of the names of sequencer clients, ports, or CLIENT:PORT, in any case."
    ),
    .texts(
      "alsa.exclude", \.alsa.exclude, .patterns,
      "What is never listened to: patterns as for include, and stronger."),
  ]

  private static let clock: [ConfigurationKey] = [
    .whole(
      "midi.lowest_key", \.midi.lowestKey, 0...127,
      "The lowest key that is music, as a MIDI number; 60 is middle C. Keys below are commands, and never sound."),
    .whole(
      "midi.highest_key", \.midi.highestKey, 0...127,
      "The highest key that is music. Keys above are commands. Where it is below the lowest, all keys are music."),
    .choice(
      "midi.keyboards", KeyboardUse.allCases.map(\.rawValue), read: { $0.midi.keyboards.rawValue },
      write: { $0.midi.keyboards = KeyboardUse(rawValue: $1) ?? $0.midi.keyboards },
      "Who plays several keyboards. "
        + KeyboardUse.allCases.map { "\($0.rawValue): \($0.explanation)." }.joined(separator: " ")
        + " The first to be played has answer.channel, the next one the next."),
    .flag(
      "clock.follow", \.clock.follows,
      "Whether a MIDI clock gives the beat between its start and its stop. Without a tick for 250 ms it is lost."),
    .whole(
      "clock.beats_in_bar", \.clock.beatsInABar, 1...16,
      "The beats in a bar of a MIDI clock that is followed, which does not tell them."),
    .flag(
      "clock.send", \.clock.sends,
      "Whether the JACK port clock_out carries a MIDI clock: jamd's beat, with start, stop and continue."),
    .choice(
      "clock.transport", TransportUse.allCases.map(\.rawValue), read: { $0.clock.transport.rawValue },
      write: { $0.clock.transport = TransportUse(rawValue: $1) ?? $0.clock.transport },
      "What to do with JACK's transport. "
        + TransportUse.allCases.map { "\($0.rawValue): \($0.explanation)." }.joined(separator: " ")),
  ]

  private static let rest: [ConfigurationKey] = [
    .whole(
      "real_time.priority", \.realTime.priority, 0...99,
      "The SCHED_FIFO priority of the loop. Keep it below that of JACK's clients, 5 by default. 0: ordinary scheduling."
    ),
    .text(
      "record.folder", \.record.folder, .path,
      "Where sessions are kept. Empty: the folder sessions in $STATE_DIRECTORY, $XDG_STATE_HOME/jamd or ~/.local/state/jamd."
    ),
    .flag(
      "record.enabled", \.record.isEnabled,
      "Whether each session is kept as a MIDI file, you and jamd on separate tracks."),
    .whole(
      "record.pause_min", \.record.pauseMinutes, 1...1440,
      "So many minutes of silence end a session; the next note begins another."),
    .whole("record.keep_days", \.record.keepDays, 0...36500, "How old sessions may become, in days. 0: for ever."),
    .whole(
      "record.keep_mb", \.record.keepMegabytes, 0...1_000_000,
      "How much all sessions may take together, in megabytes; beyond it the oldest go. 0: without limit."),
    .text(
      "control.socket", \.control.socket, .socketPath,
      "Where jam finds jamd. Empty: the place that jam looks at by itself."),
    .text(
      "control.group", \.control.group, .text,
      "The group whose members may steer jamd beside root and jamd's own user. Empty: the group that jamd runs in."),
    .flag(
      "control.group_may_play", \.control.groupMayPlay,
      "Whether that group may change what is heard. Otherwise its members only look."),
    .whole(
      "control.osc_port", \.control.oscPort, 0...65535,
      "The UDP port for Open Sound Control, 9030 for example. 0: no OSC. docs/protocol.md has the messages."),
    .text(
      "control.osc_address", \.control.oscAddress, .address,
      "The address for OSC: 127.0.0.1 is this machine alone, 0.0.0.0 every network. Nobody has to give a password."
    ),
    .flag(
      "control.osc_may_play", \.control.oscMayPlay,
      "Whether OSC clients may change what is heard. Otherwise they only look."),
  ]
}
