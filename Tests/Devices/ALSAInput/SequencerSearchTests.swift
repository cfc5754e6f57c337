// SPDX-License-Identifier: Apache-2.0
// Tests of ALSAInput: looking for the sequencer now and then.
import ALSAInput
import Music
import Testing

@Suite struct SequencerSearchTests {
  private let start = Instant(nanoseconds: 1_000)

  @Test("it is opened once at a time")
  func once() {
    var search = SequencerSearch()
    #expect(search.shouldOpen(at: start) == true)
    #expect(search.shouldOpen(at: start + .seconds(100)) == false)
    let isWanted = search.opened()
    #expect(isWanted)
    #expect(search.shouldOpen(at: start + .seconds(200)) == false)
  }

  @Test("missing, it is told once and looked for again and again")
  func missing() {
    var search = SequencerSearch()
    var now = start
    var reports: [SequencerError] = []
    for _ in 0..<100 {
      #expect(search.shouldOpen(at: now) == true)
      let (retry, report) = search.failed(.missing, at: now)
      if let report { reports.append(report) }
      let again = retry ?? .zero
      #expect(again > now)
      #expect(search.shouldOpen(at: again - .nanoseconds(1)) == false)
      now = again
    }
    #expect(reports == [.missing])
  }

  @Test("another reason is told, and the first one again after it was there in between")
  func reasons() {
    var search = SequencerSearch()
    var now = start
    func fail(_ error: SequencerError) -> SequencerError? {
      let (retry, report) = search.failed(error, at: now)
      now = retry ?? now
      return report
    }
    #expect(search.shouldOpen(at: now) == true)
    #expect(fail(.missing) == .missing)
    #expect(search.shouldOpen(at: now) == true)
    #expect(fail(.forbidden) == .forbidden)
    #expect(search.shouldOpen(at: now) == true)
    #expect(search.opened() == true)
    #expect(fail(.missing) == .missing)
  }

  @Test("stopped while it was being opened: closed again, and not looked for")
  func stopped() {
    var search = SequencerSearch()
    #expect(search.shouldOpen(at: start) == true)
    search.stop()
    let isWanted = search.opened()
    #expect(!isWanted)
    let (retry, report) = search.failed(.missing, at: start)
    #expect(retry == nil && report == nil)
  }

  @Test("every reason says where, and how to get out of it, in one line")
  func texts() {
    for error in [SequencerError.missing, .forbidden, .failed(call: "snd_seq_open", errno: 12)] {
      #expect(error.description.contains("ALSA sequencer"))
      #expect(!error.description.contains("\n"))
    }
    #expect(SequencerError.missing.description.contains("modprobe snd-seq"))
    #expect(SequencerError.forbidden.description.contains("audio"))
  }
}
