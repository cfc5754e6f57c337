// SPDX-License-Identifier: Apache-2.0
// CLibraries/CSoundFile: everything is in libsndfile's header; a target needs a source file.
#include "CSoundFile.h"
