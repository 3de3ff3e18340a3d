namespace Streams.Benchmarks.Results;

/// <summary>Files of results: each section as JSON, and all sections as one page with charts.</summary>
/// <param name="folder">Their folder.</param>
internal sealed class ResultFiles(string folder)
{
    /// <summary>Saves a section, and replaces an older one.</summary>
    public async Task Save(Section section)
    {
        Directory.CreateDirectory(folder);
        await JsonFile.Write(FileOf(section.Name), section);
    }

    /// <summary>Reads the saved sections, in the given order of names.</summary>
    public async Task<IReadOnlyList<Section>> Read(IEnumerable<string> names)
    {
        List<Section> sections = [];
        foreach (string file in names.Select(FileOf).Where(File.Exists))
        {
            sections.Add(await JsonFile.Read<Section>(file));
        }

        return sections;
    }

    /// <summary>Writes <c>benchmarks.md</c> and <c>images/</c> into a folder.</summary>
    public static async Task Publish(IReadOnlyList<Section> sections, string target)
    {
        string images = Directory.CreateDirectory(Path.Combine(target, "images")).FullName;
        await File.WriteAllTextAsync(Path.Combine(target, "benchmarks.md"), ResultPage.Of(sections));
        foreach (Chart chart in sections.SelectMany(static section => section.Findings.Charts))
        {
            await File.WriteAllTextAsync(Path.Combine(images, $"{chart.Name}.svg"), ChartDrawing.Draw(chart));
        }
    }

    private string FileOf(string name) => Path.Combine(folder, $"{name}.json");
}
