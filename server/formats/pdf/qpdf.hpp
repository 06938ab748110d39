// libqpdf for this folder.
#pragma once

// The choice it asks of everybody who includes it: std::shared_ptr instead of its own old pointer.
#define POINTERHOLDER_TRANSITION 4  // NOLINT(cppcoreguidelines-macro-usage)

// Its JSON.hh holds a vector of a type that is not whole yet, which clang refuses since C++20. Nothing here needs it.
#define JSON_HH  // NOLINT(cppcoreguidelines-macro-usage)
class JSON;

#include <qpdf/BufferInputSource.hh>
#include <qpdf/Pipeline.hh>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFObjectHandle.hh>
#include <qpdf/QPDFPageObjectHelper.hh>
#include <qpdf/QUtil.hh>
