#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

/// Not ours to mend: fontconfig keeps its caches to the end of the process, and cairo 1.16 loses 768 bytes for each
/// CFF font that it embeds in a PDF.
extern "C" const char* __lsan_default_suppressions() {  // NOLINT(bugprone-reserved-identifier)
    return "leak:libfontconfig\nleak:libcairo\n";
}
