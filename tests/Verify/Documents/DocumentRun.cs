using Streams.Verify.Systems;

namespace Streams.Verify.Documents;

/// <summary>Runs a document's blocks of commands from top to bottom on a system that has nothing yet, as a new user would.</summary>
internal sealed class DocumentRun(LocalSystem system, DocumentedPorts ports, Cleanup cleanup)
{
    private static readonly TimeSpan StartsWithin = TimeSpan.FromSeconds(90);

    private readonly List<(CommandBlock Block, Terminal Terminal)> _running = [];

    /// <summary>Runs the blocks, and ends what they started.</summary>
    public async Task<IReadOnlyList<BlockResult>> Run(IEnumerable<CommandBlock> blocks)
    {
        List<BlockResult> results = [];
        foreach (CommandBlock block in blocks)
        {
            if (block.Mark is BlockMark.Run { IsLast: true })
            {
                await EndRunning(results);
            }

            results.Add(block.Mark is BlockMark.Skip skip ? new BlockResult(block, null, skip.Reason) : await Run(block));
        }

        await EndRunning(results);
        await system.Stop();
        return results;
    }

    private async Task EndRunning(List<BlockResult> results)
    {
        foreach ((CommandBlock block, Terminal terminal) in Enumerable.Reverse(_running))
        {
            // It may have failed behind the reader's back since it was started.
            string? fault = terminal.HasEnded ? await FaultOfEnd(terminal) : await FaultOfInterrupt(terminal);
            results[results.FindIndex(result => result.Block == block)] = ResultOf(block, fault, terminal);
            await terminal.DisposeAsync();
        }

        _running.Clear();
    }

    private async Task<BlockResult> Run(CommandBlock block)
    {
        Terminal terminal = await cleanup.Keep(Terminal.Type(ports.In(block.Commands), system.Environment));
        string? fault = block.Mark switch
        {
            BlockMark.Run run => await terminal.EndsWithin(run.Within) ? await FaultOfEnd(terminal) : $"it did not end within {run.Within.TotalSeconds:0} s",
            BlockMark.RunFor run => await terminal.EndsWithin(run.Time) ? await FaultOfEnd(terminal) : await FaultOfInterrupt(terminal),
            BlockMark.Start start => await FaultOfStart(terminal, start.Until),
            _ => "the document does not say how to run it",
        };
        if (fault is null && block.Mark is BlockMark.Start)
        {
            _running.Add((block, terminal));
        }
        else
        {
            await terminal.DisposeAsync();
        }

        return ResultOf(block, fault, terminal);
    }

    private async Task<string?> FaultOfStart(Terminal terminal, string path)
    {
        using HttpClient controlApi = system.Settings.OpenControlApi();
        Task<AvailablePath> available = new ControlApiClient(controlApi).WaitForPath(path, DateTimeOffset.MinValue, StartsWithin);
        Task ended = terminal.EndsWithin(StartsWithin);
        await Task.WhenAny(available, ended);
        return available.IsCompletedSuccessfully ? null
            : terminal.HasEnded ? $"it ended before {path} was available"
            : $"{path} was not available within {StartsWithin.TotalSeconds:0} s";
    }

    private static async Task<string?> FaultOfEnd(Terminal ended) =>
        await ended.ExitCode() is var code and not 0 ? $"it ended with exit code {code}" : null;

    private static async Task<string?> FaultOfInterrupt(Terminal terminal) =>
        await terminal.Interrupt() ? null : "it does not end by Ctrl-C";

    private static BlockResult ResultOf(CommandBlock block, string? fault, Terminal terminal) =>
        new(block, fault is null, fault is null ? "" : $"{fault}\n{terminal.LastLines}", terminal.Output);
}
