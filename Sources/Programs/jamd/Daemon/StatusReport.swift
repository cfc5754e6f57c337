// SPDX-License-Identifier: Apache-2.0
// Programs/jamd: what `jam status` shows, gathered on the loop.
import ControlProtocol
import Improviser
import JACKOutput
import Music
import RealTime

extension Daemon {
  func statusSnapshot(at now: Instant) -> StatusSnapshot {
    let jack = output.status
    let counts = session.counts
    return StatusSnapshot(
      version: Version.current, uptimeSeconds: (now - startedAt).seconds,
      styles: session.shares(at: now).map { StyleShare(name: $0.name, weight: $0.share) },
      keyboards: keyboards.values.sorted(), jack: jackStatus,
      latency: latencyStatus(at: now),
      losses: Losses(
        droppedEvents: Int(jack.droppedEvents + jack.lostInputs + jack.refusedMessages),
        alsaOverruns: alsa?.overruns ?? 0, droppedClients: server?.statistics.droppedClients ?? 0,
        shedVoices: Int(jack.shedVoices)),
      music: MusicCounts(
        notesHeard: counts.notesHeard, notesPlayed: counts.notesPlayed, phrases: counts.phrases,
        answers: counts.answers, learnedNotes: counts.learnedNotes),
      realTime: isRealTime, waitingFor: waitingFor, player: player, recording: recordingState.path,
      mode: session.mode.rawValue, playing: PlayingStatus(session.wishes), clock: clockStatus(at: now),
      controls: controlStatus, hearing: HearingStatus(session.hearing(at: now), at: now),
      pageFaults: PageFaultStatus(
        loop: loopFaults.map { Int((PageFaults.ofThisThread() - $0).total) },
        stage: jack.pageFaults.map { Int($0.total) }))
  }

  private func latencyStatus(at now: Instant) -> LatencyStatus {
    let jack = output.status
    return LatencyStatus(
      wakeUps: Distribution(loop.lateness.summary()), keys: Distribution(keyLateness.summary()),
      events: Distribution(jack.lateness),
      lateEvents: Int(jack.stage.lateEvents), answers: Distribution(session.answerLateness.summary()),
      lookAhead: Double(session.margin.nanoseconds) / 1e6,
      lookAheadReason: session.marginReason.map { "\($0.text), \(Int((now - $0.since).seconds)) s ago" })
  }

  private var jackStatus: ControlProtocol.JACKStatus {
    let jack = output.status
    return ControlProtocol.JACKStatus(
      connected: jack.isConnected, server: serverName, sampleRate: Int(jack.sampleRate), period: Int(jack.period),
      xruns: Int(jack.xruns), callbackCost: Distribution(jack.cost))
  }

  /// What is missing now, each with the way out.
  var waitingFor: [String] {
    var missing: [String] = []
    if jackProblem != nil || !output.isConnected { missing.append(jackProblem ?? "a JACK server") }
    if let alsaProblem { missing.append(alsaProblem) }
    if alsa?.isAvailable == true, keyboards.isEmpty {
      missing.append("a keyboard: plug one in, or connect one to the JACK port midi_in")
    }
    if let problem = recordingState.problem { missing.append(problem) }
    if let playerProblem { missing.append(playerProblem) }
    if let styleProblem { missing.append(styleProblem) }
    return missing
  }
}

extension PlayingStatus {
  init(_ wishes: Wishes) {
    let playing = wishes.playing
    self.init(
      role: playing.role?.rawValue ?? "auto", bars: playing.bars, countIn: playing.countsIn,
      chart: playing.chart.map { Chart(title: $0.title, bars: $0.bars, metre: "\($0.metre.beats)/\($0.metre.unit)") },
      morph: playing.morph, temperature: wishes.temperature, order: wishes.order, density: playing.density,
      length: playing.length, overlap: wishes.overlap)
  }
}

extension HearingStatus {
  init(_ heard: Hearing, at now: Instant) {
    let beat = heard.beat.map { beat in
      let inBar = beat.position(at: now).count.truncatingRemainder(dividingBy: beat.bar.count)
      return 1 + Int((inBar < 0 ? inBar + beat.bar.count : inBar).rounded(.down))
    }
    let metre = heard.beat?.metre
    self.init(
      metre: metre.map { "\($0.beats)/\($0.unit)" }, beatInBar: metre == nil ? nil : beat,
      confidence: heard.beat?.confidence, key: heard.key?.description,
      chord: heard.chord.map { chord in heard.key.map(chord.name) ?? chord.description }, density: heard.density,
      loudness: heard.loudness.map { Int($0.value) },
      register: heard.register.map { pitch in heard.key.map(pitch.name) ?? pitch.description },
      articulation: heard.articulation)
  }
}

extension Distribution {
  /// From nanoseconds to microseconds.
  init(_ summary: Histogram.Summary) {
    self.init(
      count: Int(summary.total), mean: summary.mean / 1000, p50: Double(summary.quantile(0.5)) / 1000,
      p99: Double(summary.quantile(0.99)) / 1000, p999: Double(summary.quantile(0.999)) / 1000,
      max: Double(summary.maximum) / 1000,
      octaves: Self.octaves(of: summary))
  }

  private static func octaves(of summary: Histogram.Summary) -> [Int] {
    summary.buckets.reduce(into: []) { octaves, bucket in
      let microseconds = bucket.upTo / 1000
      let octave = UInt64.bitWidth - microseconds.leadingZeroBitCount
      while octaves.count <= octave { octaves.append(0) }
      octaves[octave] += Int(bucket.count)
    }
  }
}
