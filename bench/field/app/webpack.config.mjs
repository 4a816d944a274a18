import path from 'node:path'
import { RunScriptWebpackPlugin } from 'run-script-webpack-plugin'
import webpack from 'webpack'

export default {
  mode: 'development',
  target: 'node',
  entry: ['webpack/hot/poll?100', './server.webpack.js'],
  output: {
    path: path.resolve('dist'),
    filename: 'server.cjs',
    hotUpdateChunkFilename: '[id].[fullhash].hot-update.cjs',
  },
  plugins: [
    new webpack.HotModuleReplacementPlugin(),
    new RunScriptWebpackPlugin({ name: 'server.cjs', autoRestart: false }),
  ],
}
