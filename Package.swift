// swift-tools-version:6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

// The arrows of ARCHITECTURE.md: a target may import only what stands in its list. `.ci/check-arrows` holds the imports
// in the sources against these lists, because SwiftPM alone lets a target import anything that happens to be built.

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]

func room(_ name: String, _ path: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, path: "Sources/\(path)", swiftSettings: strict)
}

func tests(_ name: String, _ path: String, _ dependencies: [Target.Dependency]) -> Target {
  .testTarget(name: "\(name)Tests", dependencies: dependencies, path: "Tests/\(path)", swiftSettings: strict)
}

func program(
  _ name: String, _ dependencies: [Target.Dependency], _ linker: [LinkerSetting] = [], exclude: [String] = []
) -> Target {
  .executableTarget(
    name: name, dependencies: dependencies, path: "Sources/Programs/\(name)", exclude: exclude, swiftSettings: strict,
    linkerSettings: linker)
}

/// A C library behind one header, of `static inline` wrappers where it can be: macros, variadics and real-time attributes in one place.
func clibrary(_ name: String, _ linked: String...) -> Target {
  .target(name: name, path: "Sources/CLibraries/\(name)", linkerSettings: linked.map { .linkedLibrary($0) })
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")

let package = Package(
  name: "jamd",
  products: [
    .executable(name: "jamd", targets: ["jamd"]),
    .executable(name: "jam", targets: ["jam"]),
    .library(name: "JamTestKit", targets: ["JamTestKit"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
  ],
  targets: [
    // Core: pure, no clock, no file, no randomness of its own.
    room("Music", "Core/Music"),
    room("Scores", "Core/Scores", ["Music"]),
    room("Listening", "Core/Listening", ["Music"]),
    room("Style", "Core/Style", ["Music"]),
    room("Responding", "Core/Responding", ["Music"]),
    room("Improviser", "Core/Improviser", ["Music", "Scores", "Listening", "Style", "Responding"]),

    // The real-time side.
    clibrary("CALSA", "asound"),
    clibrary("CJACK", "jack"),
    .target(
      name: "CFluidSynth", path: "Sources/CLibraries/CFluidSynth",
      linkerSettings: [
        .linkedLibrary("fluidsynth"),
        // libfluidsynth must find our GOMP_parallel before libgomp's: see CFluidSynth.c. No safe setting says so.
        .unsafeFlags(["-Xlinker", "--export-dynamic-symbol=GOMP_parallel"]),
      ]),
    clibrary("CSoundFile", "sndfile"),
    clibrary("CLinux"),
    room("RealTime", "RealTime", ["Music", "CLinux"]),
    room("ALSAInput", "Devices/ALSAInput", ["Music", "RealTime", "CALSA"]),
    room("Synthesis", "Devices/Synthesis", ["Music", "RealTime", "CFluidSynth", "CSoundFile"]),
    room("JACKOutput", "Devices/JACKOutput", ["Music", "RealTime", "CJACK", "Synthesis"]),

    // Control: the desk.
    room("ControlProtocol", "Control/Protocol", ["Music"]),
    room("ControlServer", "Control/Server", ["ControlProtocol", nioCore, nioPosix]),

    // Programs.
    program(
      "jamd",
      [
        "Music", "Scores", "Listening", "Style", "Improviser", "RealTime", "ALSAInput", "Synthesis", "JACKOutput",
        "ControlProtocol", "ControlServer", "CLinux", "CSoundFile", argumentParser, logging,
      ]),
    program("jam", ["Music", "Scores", "Listening", "Style", "Improviser", "ControlProtocol", argumentParser]),
    program(
      "jam-bench", ["Music", "Scores", "Listening", "Style", "Improviser", "RealTime", "Synthesis", argumentParser],
      exclude: ["Peers"]),
    room("JamTestKit", "JamTestKit", ["Music", "Improviser", "RealTime", "CJACK"]),
    .executableTarget(
      name: "system-probe", dependencies: ["Music", "RealTime", "ALSAInput", "CALSA", "CJACK", "JamTestKit"],
      path: "Tests/System/Probe", swiftSettings: strict),
    .target(name: "CProof", path: "Tests/Proof/CProof"),
    .executableTarget(
      name: "stage-proof", dependencies: ["Music", "RealTime", "Synthesis", "JACKOutput", "CJACK", "CProof"],
      path: "Tests/Proof/Program", swiftSettings: strict),
    .executableTarget(
      name: "jam-soak", dependencies: ["Music", "RealTime", "JamTestKit", "ControlProtocol"], path: "Tests/Soak",
      exclude: ["Verdicts"], swiftSettings: strict),

    tests("Music", "Core/Music", ["Music"]),
    tests("Scores", "Core/Scores", ["Music", "Scores"]),
    tests("Listening", "Core/Listening", ["Music", "Listening"]),
    tests("Style", "Core/Style", ["Music", "Style"]),
    tests("Responding", "Core/Responding", ["Music", "Responding"]),
    tests("Improviser", "Core/Improviser", ["Music", "Scores", "Listening", "Style", "Improviser", "JamTestKit"]),
    tests("RealTime", "RealTime", ["Music", "RealTime", "CLinux"]),
    tests("ALSAInput", "Devices/ALSAInput", ["Music", "RealTime", "ALSAInput"]),
    tests("Synthesis", "Devices/Synthesis", ["Music", "RealTime", "Synthesis", "CFluidSynth", "CSoundFile"]),
    tests("JACKOutput", "Devices/JACKOutput", ["Music", "RealTime", "Synthesis", "JACKOutput", "CJACK", "JamTestKit"]),
    tests("ControlProtocol", "Control/Protocol", ["ControlProtocol", "Music"]),
    tests("ControlServer", "Control/Server", ["ControlProtocol", "ControlServer"]),
    tests(
      "jam", "Programs/jam", ["jam", "ControlProtocol", "Music", "Scores", "Listening", "Style", "Improviser"]),
    tests(
      "jamd", "Programs/jamd",
      ["jamd", "ControlProtocol", "Music", "Scores", "Style", "Improviser", "RealTime", logging]),
    tests("jam-bench", "Programs/jam-bench", ["jam-bench"]),
    tests("jam-soak", "Soak/Verdicts", ["jam-soak"]),
    tests(
      "Integration", "Integration",
      ["Music", "Scores", "Listening", "Style", "Improviser", "RealTime", "CJACK", "JamTestKit", "ControlProtocol"]),
  ]
)
