global using Streams.Grains.Store;
global using Streams.Grains.Streams;
global using Streams.Grains.Machine;
global using Streams.Grains.Workers;
global using Streams.Grains.Workers.Progress;
