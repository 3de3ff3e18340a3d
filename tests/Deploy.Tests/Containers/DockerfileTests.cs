using System.Text.RegularExpressions;
using Streams.Deploy.Tests.Scripts;
using Streams.Testing;
using Xunit;

namespace Streams.Deploy.Tests.Containers;

/// <summary>The images, without a container engine: what a linter can see.</summary>
public sealed partial class DockerfileTests
{
    public static TheoryData<string> Dockerfiles =>
        [.. Directory.EnumerateFiles(Repository.PathOf("deploy", "docker"), "*.Dockerfile").Select(static file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Dockerfiles))]
    public async Task Hadolint_has_nothing_to_say(string name)
    {
        if (ChildProgram.Find("hadolint") is not { } hadolint)
        {
            Assert.Skip("hadolint is not installed; the other tests of this class check the same files");
            return;
        }

        (int exitCode, string output) = await ChildProgram.Run(hadolint, [Repository.PathOf("deploy", "docker", name)]);
        Assert.True(exitCode == 0, output);
    }

    [Theory]
    [MemberData(nameof(Dockerfiles))]
    public void Every_base_image_is_pinned(string name)
    {
        List<string> stages = [];
        foreach (string from in Dockerfile.Read(name).All("FROM"))
        {
            string[] words = from.Split(' ');
            Assert.True(stages.Contains(words[0]) || PinnedImage().IsMatch(words[0]), $"{words[0]} has no version");
            Assert.DoesNotContain(":latest", words[0], StringComparison.Ordinal);
            stages.Add(words[^1]);
        }
    }

    [Theory]
    [MemberData(nameof(Dockerfiles))]
    public void Nothing_runs_as_root(string name)
    {
        string user = Dockerfile.Read(name).All("USER").LastOrDefault() ?? "root";

        Assert.DoesNotContain(user, (string[])["root", "0"]);
    }

    [Theory]
    [MemberData(nameof(Dockerfiles))]
    public void Everything_it_copies_is_in_the_repository_or_in_a_stage(string name)
    {
        Dockerfile file = Dockerfile.Read(name);
        string[] stages = [.. file.All("FROM").Select(static from => from.Split(' ')[^1])];
        string[] ignored = File.ReadAllLines(Repository.PathOf(".dockerignore"));

        foreach (string[] words in file.All("COPY").Select(static copy => copy.Split(' ')))
        {
            if (words[0].StartsWith("--from=", StringComparison.Ordinal))
            {
                Assert.Contains(words[0]["--from=".Length..], stages);
                continue;
            }

            Assert.All(words[..^1], source =>
            {
                Assert.True(Path.Exists(Repository.PathOf(source)), $"{source} does not exist");
                Assert.DoesNotContain(source.Split('/')[0], ignored);
            });
        }
    }

    [Theory]
    [MemberData(nameof(Dockerfiles))]
    public void Packages_are_installed_without_extras_and_without_the_lists_staying(string name) =>
        Assert.All(Dockerfile.Read(name).All("RUN").Where(static run => run.Contains("apt-get install", StringComparison.Ordinal)), static run =>
        {
            Assert.Contains("--no-install-recommends", run, StringComparison.Ordinal);
            Assert.Contains("apt-get update", run, StringComparison.Ordinal);
            Assert.Contains("rm -rf /var/lib/apt/lists/*", run, StringComparison.Ordinal);
        });

    [Theory]
    [InlineData("silo.Dockerfile", "STREAMS_")]
    [InlineData("mediamtx.Dockerfile", "MEDIAMTX_")]
    public void It_exposes_the_documented_ports(string name, string prefix) => Assert.Equal(
        EnvExample.Defaults.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal) && entry.Key.EndsWith("_PORT", StringComparison.Ordinal))
            .Where(static entry => !EnvExample.ComposeOnly.Contains(entry.Key) && !EnvExample.MakeOnly.Contains(entry.Key)).Select(static entry => entry.Value).Order(),
        Dockerfile.Read(name).All("EXPOSE").SelectMany(static ports => ports.Split(' ')).Order());

    [Theory]
    [MemberData(nameof(Dockerfiles))]
    public void Every_project_it_builds_brings_the_projects_it_refers_to(string name)
    {
        Dockerfile file = Dockerfile.Read(name);
        string[] copied = [.. file.All("COPY").Where(static copy => !copy.StartsWith("--", StringComparison.Ordinal)).SelectMany(static copy => copy.Split(' ')[..^1])];
        Queue<string> projects = new(file.All("RUN").SelectMany(static run => PublishedProject().Matches(run)).Select(static match => match.Groups[1].Value)
            .Select(static path => path.EndsWith(".csproj", StringComparison.Ordinal) ? path : Path.GetRelativePath(Repository.Root, Directory.GetFiles(Repository.PathOf(path), "*.csproj").Single())));
        Assert.NotEmpty(projects);

        while (projects.TryDequeue(out string? project))
        {
            Assert.Contains(copied, source => project.StartsWith(source + "/", StringComparison.Ordinal));
            foreach (Match reference in FileReference().Matches(File.ReadAllText(Repository.PathOf(project))))
            {
                string path = Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(Repository.PathOf(project), "..", reference.Groups[1].Value)));
                Assert.True(copied.Any(source => path == source || path.StartsWith(source + "/", StringComparison.Ordinal)), $"{project} needs {path}, which is not copied");
                if (path.EndsWith(".csproj", StringComparison.Ordinal))
                {
                    projects.Enqueue(path);
                }
            }
        }
    }

    [Fact]
    public async Task The_image_has_the_MediaMTX_that_make_downloads()
    {
        string version = (await LocalRun.Settings(["MEDIAMTX_VERSION"]))["MEDIAMTX_VERSION"];

        Assert.Contains($"bluenviron/mediamtx:{version.TrimStart('v')} AS mediamtx", Dockerfile.Read("mediamtx.Dockerfile").All("FROM"));
    }

    [Fact]
    public void The_silo_is_not_told_of_two_ports() =>
        Assert.Contains(Dockerfile.Read("silo.Dockerfile").All("ENV"), static variables => variables.Split(' ').Contains("ASPNETCORE_HTTP_PORTS=\"\""));

    [GeneratedRegex(@"^[^:@]+(:[^:]*\w[^:]*|@sha256:[0-9a-f]{64})$")]
    private static partial Regex PinnedImage();

    [GeneratedRegex(@"dotnet publish (\S+)")]
    private static partial Regex PublishedProject();

    [GeneratedRegex("""(?:ProjectReference|EmbeddedResource|Compile|None|Content)[^>]* Include="(\.\./[^"*]+)""")]
    private static partial Regex FileReference();
}
