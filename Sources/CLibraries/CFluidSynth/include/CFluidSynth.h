// SPDX-License-Identifier: Apache-2.0
// CLibraries/CFluidSynth: FluidSynth as Swift can use it. The functions marked JAMD_STAGE are all that the real-time
// thread calls of it. What they share: with synth.threadsafe-api 0 FluidSynth takes no lock in them, its voices are
// allocated with the synthesizer, and logging is switched off.
#pragma once
#include <fluidsynth.h>

#define JAMD_STAGE __attribute__((swift_attr("@_noLocks"))) __attribute__((swift_attr("@_noAllocation")))

/// Starts one of the voices allocated with the synthesizer; the samples are in memory (synth.dynamic-sample-loading 0).
JAMD_STAGE static inline void jamd_fluid_note_on(fluid_synth_t *synth, int channel, int key, int velocity) {
  fluid_synth_noteon(synth, channel, key, velocity);
}

/// Walks the voices.
JAMD_STAGE static inline void jamd_fluid_note_off(fluid_synth_t *synth, int channel, int key) {
  fluid_synth_noteoff(synth, channel, key);
}

/// Sets a number and walks the voices.
JAMD_STAGE static inline void jamd_fluid_control(fluid_synth_t *synth, int channel, int controller, int value) {
  fluid_synth_cc(synth, channel, controller, value);
}

/// Sets a number and walks the voices.
JAMD_STAGE static inline void jamd_fluid_bend(fluid_synth_t *synth, int channel, int value) {
  fluid_synth_pitch_bend(synth, channel, value);
}

/// Sets a number and walks the voices.
JAMD_STAGE static inline void jamd_fluid_pressure(fluid_synth_t *synth, int channel, int value) {
  fluid_synth_channel_pressure(synth, channel, value);
}

/// Turns off every voice of the channel, without its release.
JAMD_STAGE static inline void jamd_fluid_silence(fluid_synth_t *synth, int channel) {
  fluid_synth_all_sounds_off(synth, channel);
}

/// Renders into the caller's buffers. Its OpenMP region runs inline: see GOMP_parallel in CFluidSynth.c.
JAMD_STAGE static inline void jamd_fluid_render(fluid_synth_t *synth, int count, float *left, float *right) {
  fluid_synth_write_float(synth, count, left, 0, 1, right, 0, 1);
}

/// Reads a number.
JAMD_STAGE static inline int jamd_fluid_voices(fluid_synth_t *synth) {
  return fluid_synth_get_active_voice_count(synth);
}

/// Below the number it was made with it only turns voices off: no voice is allocated or freed.
JAMD_STAGE static inline void jamd_fluid_limit_voices(fluid_synth_t *synth, int voices) {
  fluid_synth_set_polyphony(synth, voices);
}

/// How often FluidSynth entered an OpenMP region, which shows that GOMP_parallel of this library was the one it called.
unsigned long jamd_fluid_inline_regions(void);

/// No messages of FluidSynth on stderr: the callers report what they see.
static inline void jamd_fluid_quiet(void) {
  for (int level = FLUID_PANIC; level < LAST_LOG_LEVEL; level++) fluid_set_log_function(level, NULL, NULL);
}
