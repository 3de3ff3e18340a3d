using Streams.Testing;

namespace Streams.Deploy.Tests.Scripts;

/// <summary>A tree with the scripts of <c>deploy/scripts</c> and test projects of a few lines of shell, for <c>make test</c> to run.</summary>
public sealed class TestTree : IDisposable
{
    /// <summary>What a test executable ends with when its one test passed.</summary>
    public const string Summary = "printf 'Test run summary: Passed!\\n  total: 1\\n  failed: 0\\n  succeeded: 1\\n  skipped: 0\\n'";

    private readonly string _root = Directory.CreateTempSubdirectory("streams-tree-").FullName;

    public TestTree()
    {
        string scripts = Directory.CreateDirectory(Path.Combine(_root, "deploy", "scripts")).FullName;
        foreach (string file in Directory.EnumerateFiles(Repository.PathOf("deploy", "scripts")))
        {
            File.Copy(file, Path.Combine(scripts, Path.GetFileName(file)));
        }

        Program(Path.Combine(scripts, "setup.sh"), ":");
        Change("build-lib", "build_all() { mkdir -p \"${SILO_BIN%/*}\"; }");
    }

    /// <summary>Processes that the tests of this tree started, whoever their parent is now.</summary>
    public IReadOnlyList<int> ProcessesLeft() =>
        Processes.WithVariable("STREAMS_TEST_RUN", value => value.StartsWith(_root, StringComparison.Ordinal));

    /// <summary>A file of the tree, also one that is not there yet.</summary>
    public string PathOf(string name) => Path.Combine(_root, name);

    /// <summary>Adds lines to a library, which win over what it says.</summary>
    public void Change(string library, string lines) => File.AppendAllText(Path.Combine(_root, "deploy", "scripts", library + ".sh"), lines + "\n");

    /// <summary>Adds a test project.</summary>
    /// <param name="name">As <c>ONLY</c> has it.</param>
    /// <param name="lines">What its executable does, in shell.</param>
    public void Project(string name, string lines)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_root, "tests", name + ".Tests")).FullName;
        File.WriteAllText(Path.Combine(folder, name + ".csproj"), "");
        Program(Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "bin", "Release", "net10.0")).FullName, name), lines);
    }

    /// <summary>Starts <c>make test</c> or another script in a session of its own, as a terminal does: its pid is its group's id too.</summary>
    public ChildProgram Start(string script, params (string Name, string Value)[] settings)
    {
        Dictionary<string, string> environment = new()
        {
            ["STREAMS_RUN_DIR"] = Path.Combine(_root, ".run"),
            ["STREAMS_SILO_BIN"] = "",
            ["STREAMS_TEST_PORTS"] = "",
            ["COVERAGE"] = "",
            ["ONLY"] = "",
        };
        foreach ((string name, string value) in settings)
        {
            environment[name] = value;
        }

        string lib = Repository.PathOf("deploy", "scripts", "lib.sh");
        return ChildProgram.Start("bash", ["-c", $". '{lib}'; in_new_session '{_root}/deploy/scripts/{script}.sh'"], environment);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (int pid in ProcessesLeft())
        {
            Processes.Signal(pid, Processes.KillSignal);
        }

        Directory.Delete(_root, recursive: true);
    }

    private static void Program(string file, string lines)
    {
        File.WriteAllText(file, $"#!/bin/sh\n{lines}\n");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
