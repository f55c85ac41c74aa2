# kerja_rows(TARGET SERVICE rows/a.avsc rows/b.avsc ...): gives the target <SERVICE>_rows.h and .c with
# a struct, a field table and the statements of each fact table (common/base/row.h).
function(kerja_rows target service)
    set(out ${CMAKE_CURRENT_BINARY_DIR}/rows)
    list(TRANSFORM ARGN PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ OUTPUT_VARIABLE files)
    add_custom_command(
        OUTPUT ${out}/${service}_rows.c ${out}/${service}_rows.h
        COMMAND Python3::Interpreter ${CMAKE_SOURCE_DIR}/schemas/mirror.py rows ${out} ${service} ${files}
        DEPENDS ${files} ${CMAKE_SOURCE_DIR}/schemas/mirror.py
        VERBATIM)
    target_sources(${target} PRIVATE ${out}/${service}_rows.c ${out}/${service}_rows.h)
    target_include_directories(${target} PRIVATE ${out})
endfunction()
