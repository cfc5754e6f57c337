// SPDX-License-Identifier: Apache-2.0
// Programs/jamd: where the daemon begins and ends.
import Glibc
import Logging
import RealTime

// What comes before the loop can hear of it waits for the loop.
Launch.holdBack([SIGHUP, SIGUSR1])
let arguments = Arguments.parseOrExit()
if arguments.version {
  print("jamd \(Version.current)")
  exit(0)
}
if arguments.check {
  let (output, exitCode) = Configuration.check(
    arguments, environment: Environment.current, read: ConfigurationFile.init(reading:))
  print(output)
  exit(exitCode)
}

LoggingSystem.bootstrap { _ in StandardErrorLogHandler() }
let log = Logger(label: "jamd")
// A client that hangs up is no reason to die.
signal(SIGPIPE, SIG_IGN)

func leave(_ code: Int32) -> Never {
  StandardErrorLogHandler.flush()
  exit(code)
}

do {
  let (configuration, files) = try Configuration.load(
    arguments, environment: Environment.current, read: ConfigurationFile.init(reading:))
  for file in files { log.info("configuration read from \(file)") }
  leave(try Launch.run(configuration, arguments, log))
} catch let error as ConfigurationError {
  log.error("\(error)")
  leave(ExitCode.configuration)
} catch {
  log.error("\(error)")
  leave(ExitCode.system)
}
