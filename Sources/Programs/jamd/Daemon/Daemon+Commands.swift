// SPDX-License-Identifier: Apache-2.0
// Programs/jamd: what the commands of the control socket do.
import ControlProtocol
import ControlServer
import Glibc
import Improviser
import RealTime

extension Daemon {
  /// Opens the control socket. Without it jamd still plays.
  func startControl() {
    let configured = configuration.control.socket
    let path =
      configured.isEmpty ? SocketPath.listening(environment: Environment.current, userID: getuid()) : configured
    let group = configuration.control.group
    let number = group.isEmpty ? nil : getgrnam(group)?.pointee.gr_gid
    if !group.isEmpty, number == nil { warn("control.group: there is no group \(group); jamd's own is taken") }
    do throws(ControlServerError) {
      server = try ControlServer(
        path: path, socketGroup: number, groupMay: configuration.control.groupMayPlay ? .play : .observe
      ) { [weak self] request, reply in
        Task { @MainActor in
          guard let self else { return reply(.failure(CommandFailure(.unavailable, "jamd is ending"))) }
          let outcome = await self.carryOut(request.command)
          self.keepForSession(request.command, outcome)
          reply(outcome)
        }
      }
      log.info("jam finds this jamd at \(path)")
      startOSC()
    } catch {
      warn("\(error)")
    }
  }

  private func startOSC() {
    let control = configuration.control
    guard control.oscPort > 0, let server else { return }
    Task {
      do throws(ControlServerError) {
        try await server.listenForOSC(
          address: control.oscAddress, port: control.oscPort, permission: control.oscMayPlay ? .play : .observe)
        log.info("OSC clients find this jamd at \(control.oscAddress), UDP port \(control.oscPort)")
      } catch {
        warn("\(error)")
      }
    }
  }

  func carryOut(_ command: ControlCommand) async -> Reply {
    switch command {
    case .status: return .status(statusSnapshot(at: .now()))
    case .styleList: return .styles(await styleEntries())
    case .styleUse(let name, let now): return await useStyle(named: name, now: now)
    case .playerList: return .players(await playerEntries())
    case .playerUse(let name): return await usePlayer(named: name)
    case .styleMix(let weights, let over): return await mix(weights, over: .seconds(over))
    case .configShow: return .settings(settings)
    case .mode, .role, .bars, .variation, .chart, .morph, .set, .answer, .stop, .tap, .midiLearn: return ask(command)
    case .hands(let command): return handle(command)
    case .panic:
      session.panic(at: .now())
      return .done
    case .watch: return .done
    }
  }

  private func useStyle(named name: String, now: Bool) async -> Reply {
    guard let style = await library.style(named: name) else {
      return .failure(CommandFailure(.unknownStyle, await library.problem(with: name)))
    }
    session.use([WeightedStyle(name: name, style: style)], now ? .now : .nextPhrase, at: .now())
    scheduleDeadline()
    return .done
  }

  private func mix(_ weights: [StyleShare], over length: Duration) async -> Reply {
    var styles: [WeightedStyle] = []
    for part in weights where part.name != Mix.player {
      guard let style = await library.style(named: part.name) else {
        return .failure(CommandFailure(.unknownStyle, await library.problem(with: part.name)))
      }
      styles.append(WeightedStyle(name: part.name, style: style, weight: part.weight))
    }
    let sum = weights.reduce(0) { $0 + $1.weight }
    let player = weights.first { $0.name == Mix.player }.map { $0.weight / sum }
    session.mix(styles, player: player, over: length, at: .now())
    scheduleDeadline()
    return .done
  }

  private func styleEntries() async -> [StyleEntry] {
    let entries = await library.all
    let inUse = Set(session.names(at: .now()))
    return entries.map { entry in
      let information = entry.style?.information
      return StyleEntry(
        name: entry.name, title: information?.title ?? "", artist: information?.artist ?? "",
        notes: information?.notes ?? 0, isInUse: inUse.contains(entry.name), problem: entry.problem)
    }
  }
}
