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

/// Fills `voices` with those that play and returns how many there are: walks the voices.
/// (fluid_synth_set_polyphony would limit them, but reallocates.)
JAMD_STAGE static inline int jamd_fluid_list_voices(fluid_synth_t *synth, fluid_voice_t **voices, int capacity) {
  int active = fluid_synth_get_active_voice_count(synth);
  fluid_synth_get_voicelist(synth, voices, capacity, -1);
  return active < capacity ? active : capacity;
}

/// The voice's own release while it is being shed: 2^(-8400/1200) s, 8 ms.
#define JAMD_SHED_RELEASE -8400.0f

/// Reads a number.
JAMD_STAGE static inline int jamd_voice_is_shed(fluid_voice_t *voice) {
  return fluid_voice_gen_get(voice, GEN_VOLENVRELEASE) == JAMD_SHED_RELEASE;
}

/// Whether its key is down, as far as FluidSynth knows: reads a number.
JAMD_STAGE static inline int jamd_voice_is_on(fluid_voice_t *voice) { return fluid_voice_is_on(voice); }

/// Read numbers. Voices of one note share an identifier, which rises from note to note.
JAMD_STAGE static inline unsigned jamd_voice_note(fluid_voice_t *voice) { return fluid_voice_get_id(voice); }
JAMD_STAGE static inline int jamd_voice_channel(fluid_voice_t *voice) { return fluid_voice_get_channel(voice); }
JAMD_STAGE static inline int jamd_voice_key(fluid_voice_t *voice) { return fluid_voice_get_key(voice); }
JAMD_STAGE static inline int jamd_voice_velocity(fluid_voice_t *voice) { return fluid_voice_get_velocity(voice); }

/// Sets a number of the voice and posts it to the renderer's queue, which is as old as the synthesizer.
JAMD_STAGE static inline void jamd_voice_shorten(fluid_voice_t *voice) {
  fluid_voice_gen_set(voice, GEN_VOLENVRELEASE, JAMD_SHED_RELEASE);
  fluid_voice_update_param(voice, GEN_VOLENVRELEASE);
}

/// Releases the voices of a note: walks the voices.
JAMD_STAGE static inline void jamd_fluid_end_note(fluid_synth_t *synth, unsigned note) { fluid_synth_stop(synth, note); }

/// How often FluidSynth entered an OpenMP region by GOMP_parallel of this library, and not by libgomp's: for the tests.
unsigned long jamd_fluid_inline_regions(void);

/// No messages of FluidSynth on stderr: the callers report what they see.
static inline void jamd_fluid_quiet(void) {
  for (int level = FLUID_PANIC; level < LAST_LOG_LEVEL; level++) fluid_set_log_function(level, NULL, NULL);
}
