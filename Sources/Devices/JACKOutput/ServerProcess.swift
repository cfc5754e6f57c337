// SPDX-License-Identifier: Apache-2.0
// Devices/JACKOutput: a JACK server that jamd starts, owns and stops. Blocks: for the background queue alone.
import Glibc

/// A child process `jackd`; no other server is ever touched. Stopped when dropped.
final class ServerProcess {
  enum Failure: Error, Hashable, CustomStringConvertible {
    case cannotStart(program: String, reason: String)
    case ended(program: String, status: Int32)

    var description: String {
      switch self {
      case .cannotStart(let program, let reason):
        "cannot start \(program): \(reason) (try: apt install jackd2)"
      case .ended(let program, let status):
        "\(program) ended at once with status \(status) (is the sound card in use, or the server's name taken?)"
      }
    }
  }

  private let settings: ServerSettings
  private(set) var process: pid_t
  /// A silent server runs for want of a card: the free ones that could not be used, and those that the look before found
  /// beside them.
  private var search: (refused: Set<String>, seen: Set<String>)?

  /// It is silent because no card could be used.
  var standsIn: Bool { search != nil }

  /// The card that it plays on, where that was for jamd to choose.
  private(set) var card: String?

  /// Starts it and waits up to half a second to see it end; a card that cannot be used, or is one of `refused`, gives way
  /// to the next, the last to `dummy`.
  static func start(
    _ settings: ServerSettings, name: String?, refused: Set<String>
  ) throws(Failure) -> ServerProcess {
    if let driver = settings.driver { return try ServerProcess(settings, name: name, driver: driver) }
    let cards = SoundCards.free(listing: settings.cards)
    for card in cards where !refused.contains(card) {
      guard let server = try? ServerProcess(settings, name: name, driver: .alsa(card)) else { continue }
      server.card = card
      return server
    }
    let server = try ServerProcess(settings, name: name, driver: .dummy)
    server.search = (Set(cards), [])
    return server
  }

  /// True when a card has come, or become free, that this silent server stands in for, from the second look on that finds it: what else
  /// happens when one is plugged in (permissions, other programs) is over by then.
  func findsCard() -> Bool {
    guard let search, isRunning else { return false }
    let cards = Set(SoundCards.free(listing: settings.cards))
    let new = cards.subtracting(search.refused)
    self.search = (search.refused.intersection(cards), new)
    return !new.isDisjoint(with: search.seen)
  }

  private init(_ settings: ServerSettings, name: String?, driver: ServerSettings.Driver) throws(Failure) {
    self.settings = settings
    process = try Self.spawn(settings.program, Self.arguments(settings, name: name, driver: driver))
    for _ in 0..<10 {
      usleep(50_000)
      if let status = endedStatus() { throw .ended(program: settings.program, status: status) }
    }
  }

  deinit { stop() }

  /// Whether it still runs; reaps it when it does not.
  var isRunning: Bool { process > 0 && endedStatus() == nil }

  /// SIGTERM, and SIGKILL after two seconds.
  func stop() {
    guard process > 0 else { return }
    kill(process, SIGTERM)
    for _ in 0..<100 {
      if endedStatus() != nil { return }
      usleep(20_000)
    }
    kill(process, SIGKILL)
    var status: Int32 = 0
    waitpid(process, &status, 0)
    process = 0
  }

  private func endedStatus() -> Int32? {
    guard process > 0 else { return nil }
    var status: Int32 = 0
    guard waitpid(process, &status, WNOHANG) != 0 else { return nil }
    process = 0
    return status
  }

  /// Real-time where the process may have it; `-r` otherwise, since jackd refuses to run half-way.
  static func arguments(_ settings: ServerSettings, name: String?, driver: ServerSettings.Driver) -> [String] {
    let naming = name.map { ["-n", $0] } ?? []
    let priority = mayUseRealTime ? ["-R", "-P70"] : ["-r"]
    let format = ["-r", String(settings.sampleRate), "-p", String(settings.period)]
    return switch driver {
    case .alsa(let card): naming + priority + ["-d", "alsa", "-d", card, "-P"] + format
    case .dummy: naming + priority + ["-d", "dummy"] + format
    }
  }

  /// By trying it on this thread.
  private static var mayUseRealTime: Bool {
    var (policy, before, wanted) = (Int32(0), sched_param(), sched_param())
    pthread_getschedparam(pthread_self(), &policy, &before)
    wanted.sched_priority = 70
    guard pthread_setschedparam(pthread_self(), SCHED_FIFO, &wanted) == 0 else { return false }
    pthread_setschedparam(pthread_self(), policy, &before)
    return true
  }

  /// With stdin, stdout and stderr on /dev/null, default signals, and in a process group of its own, so that a Ctrl-C at
  /// the terminal reaches jamd alone, which then stops it in order.
  private static func spawn(_ program: String, _ arguments: [String]) throws(Failure) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for descriptor: Int32 in 0...2 {
      posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", descriptor == 0 ? O_RDONLY : O_WRONLY, 0)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    setAttributes(&attributes)
    var strings: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
    defer { for string in strings { free(string) } }
    var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
    defer { for variable in variables { free(variable) } }
    var process: pid_t = 0
    let error = posix_spawnp(&process, program, &actions, &attributes, &strings, &variables)
    guard error == 0 else { throw .cannotStart(program: program, reason: String(cString: strerror(error))) }
    return process
  }

  /// jackd asks a session's bus for the sound card, and ends where there is none: then nobody has to be asked.
  private static var environment: [String] {
    var variables: [String] = []
    for index in 0... {
      guard let variable = environ[index] else { break }
      variables.append(String(cString: variable))
    }
    let hasBus = getenv("DBUS_SESSION_BUS_ADDRESS") != nil || hasRuntimeBus
    return variables + (hasBus ? [] : ["JACK_NO_AUDIO_RESERVATION=1"])
  }

  /// Where libdbus looks for it.
  private static var hasRuntimeBus: Bool {
    guard let folder = getenv("XDG_RUNTIME_DIR") else { return false }
    return access(String(cString: folder) + "/bus", F_OK) == 0
  }

  private static func setAttributes(_ attributes: inout posix_spawnattr_t) {
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setpgroup(&attributes, 0)
    let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
    posix_spawnattr_setflags(&attributes, Int16(flags))
  }
}

/// The sound cards that ALSA knows.
package enum SoundCards {
  /// The first device that plays of each, named for JACK's driver (`hw:0,0`, say). A MIDI keyboard on USB is a card of
  /// ALSA's too, but has no such device.
  static func all(listing path: String) -> [String] {
    guard let file = fopen(path, "r") else { return [] }
    defer { fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = fread(&bytes, 1, bytes.count, file)
    return parse(String(decoding: bytes[..<count], as: UTF8.self))
  }

  /// Those of them that nobody plays on.
  static func free(listing path: String) -> [String] {
    let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
    return all(listing: path).filter { !isInUse($0, in: folder) }
  }

  /// All its substreams are open, as ALSA tells in `card0/pcm0p/sub0/status` and so on.
  private static func isInUse(_ device: String, in folder: String) -> Bool {
    let numbers = device.dropFirst(3).split(separator: ",")
    for substream in 0... {
      let path = "\(folder)/card\(numbers[0])/pcm\(numbers[1])p/sub\(substream)/status"
      guard let file = fopen(path, "r") else { return substream > 0 }
      defer { fclose(file) }
      var bytes = [UInt8](repeating: 0, count: 16)
      let count = fread(&bytes, 1, bytes.count, file)
      if String(decoding: bytes[..<count], as: UTF8.self).hasPrefix("closed") { return false }
    }
    return false
  }

  /// A line is card, device, names and directions: `00-03: HDMI 0 : HDMI 0 : playback 1`.
  package static func parse(_ text: String) -> [String] {
    var devices: [(card: Int, name: String)] = []
    for line in text.split(separator: "\n") {
      let fields = line.split(separator: ":")
      let numbers = fields.first?.split(separator: "-").compactMap { Int($0) } ?? []
      guard numbers.count == 2, fields.contains(where: { $0.hasPrefix(" playback ") }) else { continue }
      guard !devices.contains(where: { $0.card == numbers[0] }) else { continue }
      devices.append((numbers[0], "hw:\(numbers[0]),\(numbers[1])"))
    }
    return devices.map(\.name)
  }
}
