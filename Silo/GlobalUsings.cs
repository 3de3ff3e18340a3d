global using Streams.Api.Configuration;
global using Streams.Api.Logging;
global using Streams.Grains;
global using Streams.Grains.Hosts;
global using Streams.Grains.Os;
global using Streams.Grains.Store;
global using Streams.Grains.Streams;
global using Streams.Grains.Workers;
