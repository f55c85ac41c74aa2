include(KerjaRows)

set(KERJA_FOLDERS base schemas seal cache consume decode persist publish rules http worker)

# kerja_service(NAME SOURCES decide_x.c ... ROWS rows/x.avsc ... SQL sql/migrations/1_tables.sql ...): the library
# kerja_service_NAME of all but main.c, which tests of decisions link, and the program kerja-NAME.
function(kerja_service name)
    cmake_parse_arguments(PARSE_ARGV 1 SERVICE "" "" "SOURCES;ROWS;SQL")
    add_library(kerja_service_${name} STATIC ${SERVICE_SOURCES})
    kerja_rows(kerja_service_${name} ${name} ${SERVICE_ROWS})
    kerja_embed(kerja_service_${name} ${name} ${SERVICE_SQL})
    foreach(folder IN LISTS KERJA_FOLDERS)
        kerja_visible(kerja_service_${name} ${folder})
    endforeach()
    target_link_libraries(kerja_service_${name} PRIVATE kerja_flags PUBLIC kerja_worker kerja_rules kerja_seal kerja_schemas kerja_base)
    target_include_directories(kerja_service_${name} INTERFACE ${CMAKE_CURRENT_SOURCE_DIR}
        ${CMAKE_CURRENT_BINARY_DIR} ${CMAKE_CURRENT_BINARY_DIR}/rows)
    add_executable(kerja-${name} main.c)
    foreach(folder IN LISTS KERJA_FOLDERS)
        kerja_visible(kerja-${name} ${folder})
    endforeach()
    target_link_libraries(kerja-${name} PRIVATE kerja_service_${name} kerja_flags)
endfunction()

# kerja_decide_test(NAME SERVICE SOURCES test_x.c): a cmocka program of decisions, under the label "decide".
function(kerja_decide_test name service)
    cmake_parse_arguments(PARSE_ARGV 2 TEST "" "" "SOURCES")
    add_executable(decide_${name} ${TEST_SOURCES})
    foreach(folder IN LISTS KERJA_FOLDERS)
        kerja_visible(decide_${name} ${folder})
    endforeach()
    target_link_libraries(decide_${name} PRIVATE kerja_service_${service} kerja_flags PkgConfig::CMOCKA)
    target_compile_definitions(decide_${name} PRIVATE KERJA_PROGRAMMES="${CMAKE_SOURCE_DIR}/programmes")
    add_test(NAME decide_${name} COMMAND decide_${name})
    set_tests_properties(decide_${name} PROPERTIES LABELS decide)
endfunction()
