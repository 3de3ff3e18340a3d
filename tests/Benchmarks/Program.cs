// make bench: measures, prints the tables, and leaves them in the folder given as the first argument. "--publish FOLDER" writes the page
// and its charts there as well. The other arguments are the names of what to measure; all of it when there are none.
using Streams.Benchmarks;
using Streams.Benchmarks.Results;
using Streams.Benchmarks.Systems;

string folder = args[0];
string? target = args is [_, "--publish", var into, ..] ? into : null;
string[] names = [.. All.Benchmarks.Select(static benchmark => benchmark.Name)];
string[] wanted = args[(target is null ? 1 : 3)..];
if (wanted.Except(names).ToArray() is { Length: > 0 } unknown)
{
    Console.Error.WriteLine($"error: there is no benchmark {string.Join(", ", unknown)}; there are {string.Join(", ", names)}");
    return 2;
}

Directory.CreateDirectory(folder);
ResultFiles files = new(folder);
await using Session session = new(folder, files);
using Interruption interruption = new(session.Interrupt);
foreach (IBenchmark benchmark in All.Benchmarks.Where(static benchmark => benchmark.Missing is not null))
{
    Console.WriteLine($"Without {benchmark.Name}: {benchmark.Missing}");
}

bool isWhole = await session.Run(All.Benchmarks.Where(benchmark => wanted.Length == 0 ? benchmark.Missing is null : wanted.Contains(benchmark.Name)));
IReadOnlyList<Section> sections = await files.Read(names);
await ResultFiles.Publish(sections, folder);
Console.WriteLine($"\nThe results: {folder}/benchmarks.md, and {folder}/NAME.json of each part.");
if (target is not null)
{
    if (!isWhole || sections.Count != names.Length)
    {
        Console.Error.WriteLine($"error: the page is written when all parts were measured; these were: {string.Join(", ", sections.Select(static section => section.Name))}");
        return 1;
    }

    await ResultFiles.Publish(sections, target);
    Console.WriteLine($"The page: {target}/benchmarks.md");
}

return isWhole ? 0 : 1;
