// SPDX-License-Identifier: Apache-2.0
// Control/Protocol: the state of jamd at one moment, as `jam status` shows it.

/// What jamd is doing, at one moment. On the wire the names are in snake_case.
public struct StatusSnapshot: Hashable, Sendable, Codable {
  public var version: String
  /// Since the daemon started.
  public var uptimeSeconds: Double
  /// What the next answer is made of; shares add up to 1.
  public var styles: [StyleShare]
  /// Names of the keyboards that are connected now.
  public var keyboards: [String]
  public var jack: JACKStatus
  public var latency: LatencyStatus
  public var pageFaults: PageFaultStatus
  public var losses: Losses
  public var music: MusicCounts
  /// The loop runs at SCHED_FIFO.
  public var realTime: Bool
  /// What jamd would need and does not have, each with the way out; empty when all is well.
  public var waitingFor: [String]
  /// Whose playing is learned and kept; absent when nobody's is.
  public var player: String?
  /// The file that the session is being written to.
  public var recording: String?
  /// The way of playing.
  public var mode: String?
  /// What else was set of it.
  public var playing: PlayingStatus?
  public var clock: ClockStatus?
  public var controls: ControlStatus?
  public var hearing: HearingStatus?

  public init(
    version: String, uptimeSeconds: Double, styles: [StyleShare], keyboards: [String], jack: JACKStatus,
    latency: LatencyStatus, losses: Losses, music: MusicCounts, realTime: Bool, waitingFor: [String],
    player: String? = nil, recording: String? = nil, mode: String? = nil, playing: PlayingStatus? = nil,
    clock: ClockStatus? = nil, controls: ControlStatus? = nil, hearing: HearingStatus? = nil,
    pageFaults: PageFaultStatus = .init()
  ) {
    self.version = version
    self.uptimeSeconds = uptimeSeconds
    self.styles = styles
    self.keyboards = keyboards
    self.jack = jack
    self.latency = latency
    self.pageFaults = pageFaults
    self.losses = losses
    self.music = music
    self.realTime = realTime
    self.waitingFor = waitingFor
    self.player = player
    self.recording = recording
    self.mode = mode
    self.playing = playing
    self.clock = clock
    self.controls = controls
    self.hearing = hearing
  }
}

/// What is heard of the playing. The tempo is the clock's.
public struct HearingStatus: Hashable, Sendable, Codable {
  /// Such as "3/4"; absent where it is not known.
  public var metre: String?
  /// Counted from 1; absent where the metre is not known.
  public var beatInBar: Int?
  /// Of the beat, from 0, a guess, to 1, sure; absent where no beat is known.
  public var confidence: Double?
  /// Such as "Ab major"; absent before it is known.
  public var key: String?
  /// Such as "Bb7", as it is spelled in the key; absent where none is heard.
  public var chord: String?
  /// Onsets a second, a chord being one.
  public var density: Double
  /// The mean velocity of the last seconds, 1...127; this and what follows is absent where nothing was heard lately.
  public var loudness: Int?
  /// The mean pitch, such as "C4".
  public var register: String?
  /// Near 0 staccato, 1 legato.
  public var articulation: Double?

  public init(
    metre: String? = nil, beatInBar: Int? = nil, confidence: Double? = nil, key: String? = nil, chord: String? = nil,
    density: Double = 0, loudness: Int? = nil, register: String? = nil, articulation: Double? = nil
  ) {
    (self.metre, self.beatInBar, self.confidence, self.key, self.chord) = (metre, beatInBar, confidence, key, chord)
    (self.density, self.loudness, self.register, self.articulation) = (density, loudness, register, articulation)
  }
}

/// What wheels, pedals, knobs and keys do.
public struct ControlStatus: Hashable, Sendable, Codable {
  public struct Controller: Hashable, Sendable, Codable {
    public var number: Int
    /// The parameter that it moves.
    public var parameter: String

    public init(number: Int, parameter: String) {
      self.number = number
      self.parameter = parameter
    }
  }

  public var controllers: [Controller]
  /// The lowest and the highest key that are music, as MIDI numbers; those outside are commands.
  public var lowestKey: Int
  public var highestKey: Int

  public init(controllers: [Controller], lowestKey: Int = 0, highestKey: Int = 127) {
    self.controllers = controllers
    self.lowestKey = lowestKey
    self.highestKey = highestKey
  }
}

/// Who gives the beat, and who gets it.
public struct ClockStatus: Hashable, Sendable, Codable {
  /// Beats a minute; absent where no beat is known.
  public var tempo: Double?
  /// "playing", where it is heard; "taps"; "MIDI clock" or "JACK transport", where it is followed.
  public var from: String
  /// `clock_out` carries it.
  public var sent: Bool
  /// What is done with JACK's transport: "off", "follow" or "lead".
  public var transport: String

  public init(tempo: Double? = nil, from: String, sent: Bool, transport: String) {
    self.tempo = tempo
    self.from = from
    self.sent = sent
    self.transport = transport
  }
}

public struct StyleShare: Hashable, Sendable, Codable {
  public var name: String
  /// Above 0, at most 1.
  public var weight: Double

  public init(name: String, weight: Double) {
    self.name = name
    self.weight = weight
  }
}

/// A summary of many measurements, in microseconds.
public struct Distribution: Hashable, Sendable, Codable {
  public var count: Int
  public var mean: Double
  public var p50: Double
  public var p99: Double
  public var p999: Double
  public var max: Double
  /// A coarse histogram: how many were below 1, from there on below 2, 4, 8... microseconds, up to the last that occurred.
  public var octaves: [Int]

  public init(
    count: Int, mean: Double = 0, p50: Double, p99: Double, p999: Double = 0, max: Double, octaves: [Int] = []
  ) {
    self.count = count
    self.mean = mean
    self.p50 = p50
    self.p99 = p99
    self.p999 = p999
    self.max = max
    self.octaves = octaves
  }

  /// Nothing measured yet.
  public static let empty = Distribution(count: 0, p50: 0, p99: 0, max: 0)
}

public struct JACKStatus: Hashable, Sendable, Codable {
  public var connected: Bool
  /// The server's name.
  public var server: String
  /// In Hz and in frames; 0 while not connected.
  public var sampleRate: Int
  public var period: Int
  public var xruns: Int
  /// What one call of the process callback costs.
  public var callbackCost: Distribution

  public init(
    connected: Bool, server: String, sampleRate: Int = 0, period: Int = 0, xruns: Int = 0,
    callbackCost: Distribution = .empty
  ) {
    self.connected = connected
    self.server = server
    self.sampleRate = sampleRate
    self.period = period
    self.xruns = xruns
    self.callbackCost = callbackCost
  }
}

/// How late things were, in microseconds.
public struct LatencyStatus: Hashable, Sendable, Codable {
  /// The loop's timers, after their deadline.
  public var wakeUps: Distribution
  /// Messages of keyboards: from the moment at which the kernel had one until the loop has it.
  public var keys: Distribution
  /// Events on the stage, after their frame: 0 of those in time.
  public var events: Distribution
  /// How many of them were late.
  public var lateEvents: Int
  /// Answers: from the moment at which one is due to be decided until its first event is in the ring to the stage.
  public var answers: Distribution
  /// How long before that moment answers are composed, in milliseconds.
  public var lookAhead: Double
  /// Why it is not what it was; absent while it is what it was at first.
  public var lookAheadReason: String?

  public init(
    wakeUps: Distribution = .empty, keys: Distribution = .empty, events: Distribution = .empty, lateEvents: Int = 0,
    answers: Distribution = .empty, lookAhead: Double = 0, lookAheadReason: String? = nil
  ) {
    self.wakeUps = wakeUps
    self.keys = keys
    self.events = events
    self.lateEvents = lateEvents
    self.answers = answers
    self.lookAhead = lookAhead
    self.lookAheadReason = lookAheadReason
  }
}

/// Page faults, minor and major, of the two real-time threads; absent where it is not known.
public struct PageFaultStatus: Hashable, Sendable, Codable {
  /// Since it was up.
  public var loop: Int?
  /// Over all connections to a server, of each since it was a second old.
  public var stage: Int?

  public init(loop: Int? = nil, stage: Int? = nil) {
    self.loop = loop
    self.stage = stage
  }
}

/// What was counted instead of waited for.
public struct Losses: Hashable, Sendable, Codable {
  /// Events that a ring, the stage or a port had no room for.
  public var droppedEvents: Int
  /// Times the ALSA sequencer's input overran.
  public var alsaOverruns: Int
  /// Clients of this socket that were cut off because they did not read.
  public var droppedClients: Int
  /// Voices of the synthesizer ended early because the period had no time for them.
  public var shedVoices: Int

  public init(droppedEvents: Int = 0, alsaOverruns: Int = 0, droppedClients: Int = 0, shedVoices: Int = 0) {
    self.droppedEvents = droppedEvents
    self.alsaOverruns = alsaOverruns
    self.droppedClients = droppedClients
    self.shedVoices = shedVoices
  }
}

public struct MusicCounts: Hashable, Sendable, Codable {
  public var notesHeard: Int
  public var notesPlayed: Int
  public var phrases: Int
  public var answers: Int
  /// Notes in the player's own model.
  public var learnedNotes: Int

  public init(notesHeard: Int = 0, notesPlayed: Int = 0, phrases: Int = 0, answers: Int = 0, learnedNotes: Int = 0) {
    self.notesHeard = notesHeard
    self.notesPlayed = notesPlayed
    self.phrases = phrases
    self.answers = answers
    self.learnedNotes = learnedNotes
  }
}

/// A player as `player list` shows it.
public struct PlayerEntry: Hashable, Sendable, Codable {
  public var name: String
  /// Notes that are kept of him.
  public var notes: Int
  public var isInUse: Bool

  public init(name: String, notes: Int, isInUse: Bool = false) {
    self.name = name
    self.notes = notes
    self.isInUse = isInUse
  }

  enum CodingKeys: String, CodingKey {
    case name, notes
    case isInUse = "inUse"
  }
}

/// A setting as `config show` shows it.
public struct SettingEntry: Hashable, Sendable, Codable {
  /// "section.key".
  public var key: String
  /// As a configuration file writes it; empty when it is not set.
  public var value: String
  /// "default", "command line", or the file and line.
  public var source: String

  public init(key: String, value: String, source: String) {
    (self.key, self.value, self.source) = (key, value, source)
  }
}

/// A style as `style list` shows it.
public struct StyleEntry: Hashable, Sendable, Codable {
  public var name: String
  public var title: String
  public var artist: String
  /// Notes it was learned from.
  public var notes: Int
  /// The next answer uses it.
  public var isInUse: Bool
  /// Why it cannot be used; absent when it can.
  public var problem: String?

  public init(
    name: String, title: String = "", artist: String = "", notes: Int = 0, isInUse: Bool = false,
    problem: String? = nil
  ) {
    self.name = name
    self.title = title
    self.artist = artist
    self.notes = notes
    self.isInUse = isInUse
    self.problem = problem
  }

  enum CodingKeys: String, CodingKey {
    case name, title, artist, notes, problem
    case isInUse = "inUse"
  }
}
