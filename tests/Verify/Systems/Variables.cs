namespace Streams.Verify.Systems;

/// <summary>Environment variables of this process for a while; they are as before once it is disposed.</summary>
internal sealed class Variables : IDisposable
{
    private readonly (string Name, string? Value)[] _former;

    /// <summary>Sets variables.</summary>
    /// <param name="variables">Each with its value; one with null is left as it is.</param>
    public Variables(params (string Name, string? Value)[] variables)
    {
        (string Name, string? Value)[] changed = [.. variables.Where(static variable => variable.Value is not null)];
        _former = [.. changed.Select(static variable => (variable.Name, Environment.GetEnvironmentVariable(variable.Name)))];
        Array.ForEach(changed, static variable => Environment.SetEnvironmentVariable(variable.Name, variable.Value));
    }

    public void Dispose() => Array.ForEach(_former, static variable => Environment.SetEnvironmentVariable(variable.Name, variable.Value));
}
