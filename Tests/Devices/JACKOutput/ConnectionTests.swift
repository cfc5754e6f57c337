// SPDX-License-Identifier: Apache-2.0
// Tests/JACKOutput: the connection's state machine, without a server.
import JACKOutput
import Music
import Testing

private func at(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }

@Suite("The connection")
struct ConnectionTests {
  @Test("one attempt at a time, and a pause after each that fails")
  func attempts() {
    var connection = Connection(startsServer: false, at: at(0))
    #expect(connection.handle(.tick, at: at(0)) == [.open])
    #expect(connection.handle(.tick, at: at(5000)) == [])
    #expect(connection.handle(.failed("none"), at: at(5000)) == [.report(.waiting(reason: "none"))])
    #expect(connection.handle(.tick, at: at(5249)) == [])
    #expect(connection.handle(.tick, at: at(5250)) == [.open])
    #expect(connection.handle(.failed("none"), at: at(5251)) == [], "waiting is reported once")
  }

  @Test("a lost server is discarded and tried again at once, then for ever")
  func lost() {
    var connection = Connection(startsServer: false, at: at(0))
    _ = connection.handle(.tick, at: at(0))
    #expect(
      connection.handle(.opened(sampleRate: 48000, period: 64, server: .another), at: at(1)) == [
        .report(.connected(sampleRate: 48000, period: 64, server: .another))
      ])
    #expect(connection.isConnected)
    #expect(connection.handle(.lost("gone"), at: at(2)) == [.discard, .report(.lost(reason: "gone"))])
    #expect(!connection.isConnected)
    #expect(connection.handle(.lost("gone"), at: at(2)) == [])
    for time in stride(from: 2, to: 60_000, by: 250) as StrideTo<Int64> {
      #expect(connection.handle(.tick, at: at(time)) == [.open])
      #expect(connection.handle(.failed("none"), at: at(time)) == [])
    }
  }

  @Test("a server is started where none runs, and again only when that one gave no answer for a while")
  func starting() {
    var connection = Connection(startsServer: true, at: at(0))
    _ = connection.handle(.tick, at: at(0))
    #expect(connection.handle(.failed("none"), at: at(1)) == [.startServer])
    #expect(connection.handle(.tick, at: at(2)) == [])
    #expect(connection.handle(.serverStarted, at: at(500)) == [])
    #expect(connection.handle(.tick, at: at(501)) == [.open])
    #expect(connection.handle(.failed("none"), at: at(502)) == [])
    #expect(connection.handle(.tick, at: at(5600)) == [.open])
    #expect(connection.handle(.failed("none"), at: at(5601)) == [.startServer])
    #expect(
      connection.handle(.serverNotStarted("busy"), at: at(5700)) == [.report(.serverNotStarted(reason: "busy"))])
    #expect(connection.handle(.tick, at: at(5800)) == [])
    #expect(connection.handle(.tick, at: at(5950)) == [.open])
  }

  @Test("once closed nothing opens, and a client that opens meanwhile is discarded")
  func closing() {
    var connection = Connection(startsServer: true, at: at(0))
    _ = connection.handle(.tick, at: at(0))
    #expect(connection.handle(.close, at: at(1)) == [])
    #expect(connection.handle(.opened(sampleRate: 1, period: 1, server: .another), at: at(2)) == [.discard])
    for event in [.tick, .failed(""), .lost(""), .serverStarted, .close] as [Connection.Event] {
      #expect(connection.handle(event, at: at(9000)) == [])
    }
  }

  @Test("whatever happens, in whatever order, at most one client and one attempt are about")
  func anything() {
    var random = RandomSource(seed: 11)
    for _ in 0..<300 {
      var connection = Connection(startsServer: random.next() % 2 == 0, at: at(0))
      var (busy, clients) = (0, 0)
      for step in 0..<300 as Range<Int64> {
        var event = Connection.Event.tick
        switch random.next() % 9 {
        case 0 where busy == 1:
          (event, busy, clients) = (.opened(sampleRate: 48000, period: 64, server: .another), 0, clients + 1)
        case 1 where busy == 1: (event, busy) = (.failed("no"), 0)
        case 2 where busy == 2: (event, busy) = (.serverStarted, 0)
        case 3 where busy == 2: (event, busy) = (.serverNotStarted("no"), 0)
        case 4: event = .lost("gone")
        case 6: event = .cardFound
        case 7: event = .makeWay
        case 5 where step > 250: event = .close
        default: break
        }
        for order in connection.handle(event, at: at(step * 100)) {
          if order == .open || order == .startServer { #expect(busy == 0 && clients == 0) }
          if order == .open { busy = 1 }
          if order == .startServer { busy = 2 }
          if order == .discard { clients -= 1 }
          // What is being started is stopped before anything else happens.
          if order == .stopServer, busy == 2 { busy = 0 }
        }
        #expect(clients == (connection.isConnected ? 1 : 0))
      }
    }
  }

  @Test("a server of its own makes way for another, and stays away while that one starts")
  func makeWay() {
    var connection = Connection(startsServer: true, at: at(0))
    _ = connection.handle(.tick, at: at(0))
    #expect(connection.handle(.failed("none"), at: at(0)) == [.startServer])
    _ = connection.handle(.serverStarted, at: at(500))
    _ = connection.handle(.tick, at: at(500))
    _ = connection.handle(.opened(sampleRate: 48000, period: 64, server: .own), at: at(501))
    let orders = connection.handle(.makeWay, at: at(1000))
    #expect(orders.prefix(2) == [.discard, .stopServer] && orders.count == 3 && !connection.isConnected)
    for time in stride(from: 1250, to: 11_000, by: 250) as StrideTo<Int64> {
      #expect(connection.handle(.tick, at: at(time)) == [.open])
      #expect(connection.handle(.failed("none"), at: at(time)) == [])
    }
    _ = connection.handle(.tick, at: at(11_000))
    #expect(connection.handle(.failed("none"), at: at(11_000)) == [.startServer], "nobody came")
  }

  @Test("a server of its own that is only being started, or opened, makes way as well")
  func earlyWay() {
    var connection = Connection(startsServer: true, at: at(0))
    _ = connection.handle(.tick, at: at(0))
    #expect(connection.handle(.failed("none"), at: at(0)) == [.startServer])
    #expect(connection.handle(.makeWay, at: at(200)) == [.stopServer])
    #expect(connection.handle(.serverStarted, at: at(500)) == [])
    #expect(connection.handle(.tick, at: at(500)) == [.open])
    #expect(connection.handle(.failed("none"), at: at(500)) == [], "who is to come has ten seconds")
    connection = Connection(startsServer: true, at: at(0))
    _ = connection.handle(.tick, at: at(0))
    _ = connection.handle(.failed("none"), at: at(0))
    _ = connection.handle(.serverStarted, at: at(500))
    #expect(connection.handle(.tick, at: at(500)) == [.open])
    #expect(connection.handle(.makeWay, at: at(600)) == [.stopServer])
    #expect(connection.handle(.opened(sampleRate: 48000, period: 64, server: .another), at: at(601)) == [.discard])
    #expect(!connection.isConnected)
    // Its guest comes and goes: way is free again.
    #expect(connection.handle(.tick, at: at(900)) == [.open])
    _ = connection.handle(.opened(sampleRate: 48000, period: 64, server: .another), at: at(901))
    #expect(connection.isConnected)
  }

  /// Connected to a server of its own at one second.
  private func own() -> Connection {
    var connection = Connection(startsServer: true, at: at(0))
    _ = connection.handle(.tick, at: at(0))
    _ = connection.handle(.failed("none"), at: at(0))
    _ = connection.handle(.serverStarted, at: at(500))
    _ = connection.handle(.tick, at: at(500))
    _ = connection.handle(.opened(sampleRate: 48000, period: 64, server: .own), at: at(1000))
    return connection
  }

  @Test("a silent server of its own starts anew at once when a sound card comes; any other server stays")
  func card() {
    var connection = own()
    let orders = connection.handle(.cardFound, at: at(2000))
    #expect(orders.prefix(2) == [.discard, .stopServer] && orders.count == 3 && !connection.isConnected)
    #expect(connection.handle(.tick, at: at(2250)) == [.open])
    #expect(connection.handle(.cardFound, at: at(2251)) == [])
    #expect(connection.handle(.failed("none"), at: at(2251)) == [.startServer])
    var guest = Connection(startsServer: true, at: at(0))
    _ = guest.handle(.tick, at: at(0))
    _ = guest.handle(.opened(sampleRate: 48000, period: 64, server: .another), at: at(1))
    #expect(guest.handle(.cardFound, at: at(2)) == [] && guest.isConnected)
  }

  @Test("where nobody comes way is made again only after longer and longer pauses: a unit may start in vain for ever")
  func vainWay() {
    var connection = own()
    var (isUp, silence) = (true, 0)
    func obey(_ orders: [Connection.Order], at now: Instant) {
      for order in orders {
        switch order {
        case .stopServer: isUp = false
        case .startServer:
          isUp = true
          obey(connection.handle(.serverStarted, at: now), at: now)
        case .open:
          let event = isUp ? Connection.Event.opened(sampleRate: 48000, period: 64, server: .own) : .failed("none")
          obey(connection.handle(event, at: now), at: now)
        case .discard, .report: break
        }
      }
    }
    for time in stride(from: 1000, to: 3_601_000, by: 250) as StrideTo<Int64> {
      if time % 1000 == 0 { obey(connection.handle(.makeWay, at: at(time)), at: at(time)) }
      obey(connection.handle(.tick, at: at(time)), at: at(time))
      if !connection.isConnected { silence += 250 }
    }
    // In an hour it is announced 3,600 times, and made way for after 0, 1, 3, 7, 15 and 31 minutes.
    #expect((60_000...65_000).contains(silence), "\(silence) ms")
  }

  @Test("who was made way for has come: the next time way is made at once")
  func cameAndWent() {
    var connection = own()
    #expect(connection.handle(.makeWay, at: at(2000)).prefix(2) == [.discard, .stopServer])
    #expect(connection.handle(.makeWay, at: at(3000)) == [])
    _ = connection.handle(.tick, at: at(3250))
    _ = connection.handle(.opened(sampleRate: 44100, period: 128, server: .another), at: at(3300))
    _ = connection.handle(.lost("gone"), at: at(4000))
    for time in stride(from: 4000, to: 9250, by: 250) as StrideTo<Int64> {
      _ = connection.handle(.tick, at: at(time))
      if connection.handle(.failed("none"), at: at(time)) == [.startServer] { break }
    }
    _ = connection.handle(.serverStarted, at: at(9500))
    _ = connection.handle(.tick, at: at(9500))
    _ = connection.handle(.opened(sampleRate: 48000, period: 64, server: .own), at: at(9600))
    #expect(connection.handle(.makeWay, at: at(10_000)).prefix(2) == [.discard, .stopServer])
  }

  @Test("a server of somebody else's in the place of its own, which has ended, is left alone")
  func replaced() {
    var connection = own()
    _ = connection.handle(.lost("gone"), at: at(2000))
    #expect(connection.handle(.tick, at: at(2000)) == [.open])
    _ = connection.handle(.opened(sampleRate: 48000, period: 64, server: .another), at: at(2001))
    #expect(connection.handle(.makeWay, at: at(3000)) == [] && connection.handle(.cardFound, at: at(3000)) == [])
    #expect(connection.isConnected)
  }

  @Test("a signal while a server of somebody else's runs takes nothing from the next")
  func idleSignal() {
    var connection = Connection(startsServer: true, at: at(0))
    _ = connection.handle(.tick, at: at(0))
    _ = connection.handle(.opened(sampleRate: 48000, period: 64, server: .another), at: at(1))
    #expect(connection.handle(.makeWay, at: at(1000)) == [])
    _ = connection.handle(.lost("gone"), at: at(2000))
    _ = connection.handle(.tick, at: at(7000))
    #expect(connection.handle(.failed("none"), at: at(7001)) == [.startServer])
    _ = connection.handle(.serverStarted, at: at(7100))
    _ = connection.handle(.tick, at: at(7100))
    _ = connection.handle(.opened(sampleRate: 48000, period: 64, server: .own), at: at(7200))
    #expect(connection.handle(.makeWay, at: at(8000)).prefix(2) == [.discard, .stopServer])
  }

  @Test("a server that could not be started again is no server of its own: who runs under that name is left alone")
  func notStarted() {
    var connection = own()
    _ = connection.handle(.lost("gone"), at: at(20_000))
    _ = connection.handle(.tick, at: at(20_000))
    #expect(connection.handle(.failed("none"), at: at(20_001)) == [.startServer])
    _ = connection.handle(.serverNotStarted("ended at once"), at: at(20_100))
    _ = connection.handle(.tick, at: at(20_350))
    _ = connection.handle(.opened(sampleRate: 48000, period: 64, server: .another), at: at(20_400))
    #expect(connection.handle(.makeWay, at: at(21_000)) == [] && connection.isConnected)
    _ = connection.handle(.lost("gone"), at: at(30_000))
    _ = connection.handle(.tick, at: at(30_000))
    #expect(connection.handle(.failed("none"), at: at(30_001)) == [], "it has time to come back")
  }

  @Test("a server of somebody else's is left alone, and has time to come back before another takes its place")
  func othersServer() {
    var connection = Connection(startsServer: true, at: at(0))
    _ = connection.handle(.tick, at: at(0))
    _ = connection.handle(.opened(sampleRate: 48000, period: 64, server: .another), at: at(1))
    #expect(connection.handle(.makeWay, at: at(2)) == [] && connection.isConnected)
    _ = connection.handle(.lost("gone"), at: at(20_000))
    _ = connection.handle(.tick, at: at(20_000))
    #expect(connection.handle(.failed("none"), at: at(20_001)) == [])
    _ = connection.handle(.tick, at: at(25_001))
    #expect(connection.handle(.failed("none"), at: at(25_001)) == [.startServer])
  }
}
