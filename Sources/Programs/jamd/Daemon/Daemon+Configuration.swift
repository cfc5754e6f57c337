// SPDX-License-Identifier: Apache-2.0
// Programs/jamd: the configuration, read again while jamd plays.
import ControlProtocol
import Improviser
import RealTime

extension Daemon {
  /// Applies what can be applied now and tells what cannot. A configuration with a mistake in it changes nothing.
  func rereadConfiguration() {
    let arguments = arguments
    Task.detached {
      do throws(ConfigurationError) {
        let environment = Environment.current
        let read = ConfigurationFile.init(reading:)
        let (configuration, _) = try Configuration.load(arguments, environment: environment, read: read)
        let settings = configuration.settings(arguments, environment: environment, read: read)
        await self.apply(configuration, settings)
      } catch {
        await self.warn("the configuration stays as it was: \(error)")
      }
    }
  }

  private func apply(_ new: Configuration, _ newSettings: [SettingEntry]) {
    for key in ConfigurationKey.changes(from: configuration, to: new) {
      guard ConfigurationKey.live.contains(key.path), let value = key.read(new) else {
        log.notice("\(key.path) has changed: the next start brings it into force")
        continue
      }
      let setting = newSettings.first { $0.key == key.path }
      if key.path == "style.name" {
        Task { await takeUp(style: new.style.name, key, value, setting) }
      } else {
        bringIntoForce(key, value, setting)
      }
    }
  }

  private func bringIntoForce(_ key: ConfigurationKey, _ value: ConfigurationValue, _ setting: SettingEntry?) {
    key.write(&configuration, value)
    settings = settings.map { $0.key == key.path ? setting ?? $0 : $0 }
    log.info("\(key.path) is \(value.toml) from now on")
    apply(key)
  }

  /// A style that nobody finds does not come into force.
  private func takeUp(
    style name: String, _ key: ConfigurationKey, _ value: ConfigurationValue, _ setting: SettingEntry?
  ) async {
    await readStyles(announce: true)
    if !name.isEmpty, await library.style(named: name) == nil {
      return warn("style.name stays \"\(configuration.style.name)\": \(await library.problem(with: name))")
    }
    bringIntoForce(key, value, setting)
  }

  /// What is only looked at where it is needed has nothing to be done for.
  private func apply(_ key: ConfigurationKey) {
    switch key.path {
    case "player.name": startPlayer()
    case "player.channels": listenToChannels()
    case "style.name": useConfiguredStyle()
    case "record.keep_days", "record.keep_mb": recording.keep(configuration.retention)
    case "midi.keyboards": seat(configuration.midi.keyboards)
    case "midi.lowest_key", "midi.highest_key": startSplit()
    case "clock.follow", "clock.beats_in_bar", "clock.send", "clock.transport": startClock()
    default: break
    }
  }

  /// What a channel holds that is heard no more would never be released.
  private func listenToChannels() {
    for keyboard in [.jack] + keyboards.keys.sorted().map(Keyboard.init) { releaseAll(of: keyboard, at: .now()) }
    output.channels = configuration.channels
    scheduleDeadline()
  }

  private func useConfiguredStyle() {
    let name = configuration.style.name
    guard !name.isEmpty else { return }
    Task {
      guard let style = await library.style(named: name) else { return warn(await library.problem(with: name)) }
      session.use([WeightedStyle(name: name, style: style)], .nextPhrase, at: .now())
      scheduleDeadline()
    }
  }
}
